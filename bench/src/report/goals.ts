import { SIZES } from '../codec/session.js';
import { PLATFORMS, type Platform } from '../http/platform.js';
import { AGAIN } from '../measure/again.js';
import { ratioOf } from '../measure/ratio.js';
import { codecComparisons } from './codec-goals.js';
import type { Comparison } from './comparison.js';
import { GROWTH_COMPARISONS, requestComparisons } from './http-goals.js';
import { judge, type Judgement, judgeNoise, noiseOf, type Verdict } from './judgement.js';
import type { Table } from './table.js';
import { titles } from './titles.js';

/** What is to be: a ratio, which is the median of those of the starts of one run. */
export interface Goal extends Judgement {
  readonly text: string;
  readonly limit: number;
  /** Whether the same is compared with itself. */
  readonly isNoise: boolean;
  /** How the hand-written counterpart stands to the same limit, where there is one. */
  readonly floor: Judgement | undefined;
}

/** In which table, what a goal is called, and what it compares. */
type Aim = readonly [title: string, text: string, comparison: Comparison];

/** What is judged, and how far the same is from itself, by which it is. The short run has nothing over sockets. */
export function goalsOf(tables: readonly Table[]): Readonly<Record<'noise' | 'goals', readonly Goal[]>> {
  const isMeasured = (title: string) => tables.some((table) => table.title === title);
  const aims = [
    ...SIZES.flatMap(codecAims),
    ...PLATFORMS.flatMap((platform) => httpAims(platform, isMeasured(titles.sockets(platform)))),
  ];
  const all = aims.map(([title, text, comparison]) => goalOf(titled(tables, title), text, comparison));
  return { noise: all.filter(({ isNoise }) => isNoise), goals: all.filter(({ isNoise }) => !isNoise) };
}

function codecAims(size: number): Aim[] {
  return codecComparisons().map(([text, comparison]) => [
    titles.codec(size),
    `codec, ${size} bytes: ${text}`,
    comparison,
  ]);
}

function httpAims(platform: Platform, hasSockets: boolean): Aim[] {
  const aimsIn = (title: string, comparisons: readonly Comparison[]) =>
    comparisons.map((each): Aim => [title, `${title}: ${each.name}, to ${each.other}`, each]);
  return [
    ...aimsIn(titles.http(platform), requestComparisons(platform)),
    ...(hasSockets ? aimsIn(titles.sockets(platform), requestComparisons(platform)) : []),
    ...aimsIn(titles.growth(platform), GROWTH_COMPARISONS),
  ];
}

/** @throws Error where there is none */
function titled(tables: readonly Table[], title: string): Table {
  const table = tables.find((each) => each.title === title);
  if (table === undefined) throw new Error(`There is no table "${title}".`);
  return table;
}

function goalOf({ samples, rows }: Table, text: string, { name, other, limit, floor }: Comparison): Goal {
  const isNoise = name.endsWith(AGAIN);
  const noises = rows.filter((row) => row.name.endsWith(AGAIN)).map((row) => noiseOf(row.ratio.value));
  const judged = (one: string) => judge(ratioOf(samples, one, other), limit, Math.max(...noises));
  return {
    ...(isNoise ? judgeNoise(ratioOf(samples, name, other), limit) : judged(name)),
    text,
    limit,
    isNoise,
    floor: floor === undefined ? undefined : judged(floor),
  };
}

/** How many are of a verdict. */
export function countOf(goals: readonly { readonly verdict: Verdict }[], wanted: Verdict): number {
  return goals.filter(({ verdict }) => verdict === wanted).length;
}

/** What is written by hand, where a goal is missed. */
export function byHandOf(
  goals: readonly Goal[],
): Readonly<Record<'missed' | 'missedByHand' | 'undecidedByHand', number>> {
  const missed = goals.filter(({ verdict }) => verdict === 'not reached');
  const byHand = missed.flatMap(({ floor }) => (floor === undefined ? [] : [floor]));
  return {
    missed: missed.length,
    missedByHand: countOf(byHand, 'not reached'),
    undecidedByHand: countOf(byHand, 'undecided'),
  };
}
