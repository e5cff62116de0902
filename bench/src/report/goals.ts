import { encryptedFloor, signedFloor } from '../codec/floor.js';
import { SIZES } from '../codec/session.js';
import { subjectName } from '../codec/subjects.js';
import { PLATFORMS, type Platform } from '../http/platform.js';
import { AGAIN } from '../measure/again.js';
import { ratioOf } from '../measure/ratio.js';
import { type Comparison, GROWTH_COMPARISONS, requestComparisons } from './http-goals.js';
import type { Table } from './table.js';

/** `undecided` where the ratio is nearer to its limit than its margin. */
export type Verdict = 'reached' | 'not reached' | 'undecided';

/** What is to be, as a ratio of minimums of one run. */
export interface Goal {
  readonly text: string;
  readonly ratio: number;
  /**
   * How much of the ratio may be noise: two standard errors of its starts, or how far the same is from itself in its
   * table, whichever is more.
   */
  readonly margin: number;
  readonly limit: number;
  readonly verdict: Verdict;
  /** The ratio that the hand-written counterpart has, where there is one. */
  readonly floor: number | undefined;
}

/** The titles of the tables, by which goals find them. */
export const titles = {
  codec: (size: number) => `Codec, ${size} bytes of JSON`,
  http: (platform: Platform) => `${titleOf(platform)}, in one process`,
  sockets: (platform: Platform) => `${titleOf(platform)}, over sockets`,
  growth: (platform: Platform) => `${titleOf(platform)}, what a request costs more`,
  concurrency: (platform: Platform) => `${titleOf(platform)}, requests at once`,
  costs: (platform: Platform) => `${titleOf(platform)}, where the time goes`,
};

function titleOf(platform: Platform): string {
  return platform === 'express' ? 'Express' : 'Fastify';
}

const OURS = 'nestjs-sessions';

/** The short run has nothing over sockets. */
export function goalsOf(tables: readonly Table[]): Goal[] {
  const isMeasured = (title: string) => tables.some((table) => table.title === title);
  const goal: GoalMaker = (text, title, [name, other, floorName], limit) => {
    const { samples, rows } = titled(tables, title);
    const measured = ratioOf(samples, name, other);
    const isNoise = name.endsWith(AGAIN);
    // The same against itself: noise goes both ways.
    const ratio = isNoise ? noiseOf(measured.value) : measured.value;
    const noises = rows.filter((row) => row.name.endsWith(AGAIN)).map((row) => noiseOf(row.ratio.value));
    const margin = Math.max(measured.margin ?? 0, isNoise ? 0 : ratio * (Math.max(...noises) - 1));
    const floor = floorName === undefined ? undefined : ratioOf(samples, floorName, other).value;
    // Whether the noise is too much is not itself a question of noise.
    return { text, ratio, margin, limit, verdict: verdictOf(ratio, limit, isNoise ? 0 : margin), floor };
  };
  return [
    ...SIZES.flatMap((size) => codecGoals(goal, size)),
    ...PLATFORMS.flatMap((platform) => httpGoals(goal, platform, isMeasured(titles.sockets(platform)))),
  ];
}

type GoalMaker = (
  text: string,
  title: string,
  names: readonly [name: string, other: string, floor?: string | undefined],
  limit: number,
) => Goal;

/** @throws Error where there is none */
function titled(tables: readonly Table[], title: string): Table {
  const table = tables.find((each) => each.title === title);
  if (table === undefined) throw new Error(`There is no table "${title}".`);
  return table;
}

function noiseOf(ratio: number): number {
  return Math.max(ratio, 1 / ratio);
}

/** Whether a goal is met, as far as that can be said. */
export function verdictOf(ratio: number, limit: number, margin: number): Verdict {
  if (ratio + margin <= limit) return 'reached';
  return ratio - margin > limit ? 'not reached' : 'undecided';
}

function codecGoals(goal: GoalMaker, size: number): Goal[] {
  const title = titles.codec(size);
  const goals: Goal[] = [
    goal(
      `codec, ${size} bytes: the floor against itself`,
      title,
      [subjectName({ ...signedFloor, name: signedFloor.name + AGAIN }, 'decode'), subjectName(signedFloor, 'decode')],
      1.02,
    ),
  ];
  for (const [mode, floor, limit] of [
    ['signed', signedFloor, 1.15],
    ['encrypted', encryptedFloor, 1.25],
  ] as const) {
    for (const what of ['encode', 'decode'] as const) {
      const names = [subjectName({ mode, name: OURS }, what), subjectName(floor, what)] as const;
      goals.push(goal(`codec, ${size} bytes: ${mode}, ${what}, to the floor`, title, names, limit));
    }
  }
  const peers = [
    [signedFloor, 'signed', 'keygrip, as cookie-session has it', 1 / 2],
    [signedFloor, 'signed', 'jose (JWS)', 1 / 10],
    [encryptedFloor, 'encrypted', 'jose (JWE)', 1 / 10],
    [signedFloor, 'encrypted', 'iron-session', 1 / 45],
    [signedFloor, 'signed', 'fast-jwt', 1],
  ] as const;
  for (const [floor, theirMode, name, limit] of peers) {
    const { mode } = floor;
    const names = [
      subjectName({ mode, name: OURS }, 'decode'),
      subjectName({ mode: theirMode, name }, 'decode'),
      subjectName(floor, 'decode'),
    ] as const;
    goals.push(goal(`codec, ${size} bytes: ${mode}, decode, to ${name}`, title, names, limit));
  }
  return goals;
}

function httpGoals(goal: GoalMaker, platform: Platform, hasSockets: boolean): Goal[] {
  const goalsIn = (title: string, comparisons: readonly Comparison[]) =>
    comparisons.map(({ name, other, limit, floor }) =>
      goal(`${title}: ${name}, to ${other}`, title, [name, other, floor], limit),
    );
  return [
    ...goalsIn(titles.http(platform), requestComparisons(platform)),
    ...(hasSockets ? goalsIn(titles.sockets(platform), requestComparisons(platform)) : []),
    ...goalsIn(titles.growth(platform), GROWTH_COMPARISONS),
  ];
}

/** As Markdown. */
export function textOfGoals(goals: readonly Goal[]): string {
  const lines = goals.map(
    ({ text, ratio, margin, limit, verdict, floor }) =>
      `| ${text} | ${ratio.toFixed(3)} | ${margin.toFixed(3)} | ${limit.toFixed(3)} | ${verdict} | ${floor?.toFixed(3) ?? ''} |`,
  );
  return `| goal | ratio | ± | at most | | written by hand |\n| --- | ---: | ---: | ---: | --- | ---: |\n${lines.join('\n')}\n`;
}
