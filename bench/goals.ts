// What is to be, and whether it is.
import type { Costs, Figure, Verdict } from './measure.js';
import { differenceOf, ratioOf, surchargeRatioOf, verdictOf } from './measure.js';
import { AFTERWARDS, AGAIN, EMPTY, OURS, PEERS, type Platform, PLATFORMS } from './rows.js';

/** A row and where it runs. */
export type RowName = readonly [Platform, name: string];

/** A goal, and what came out. */
export interface Goal {
  readonly text: string;
  readonly limit: number;
  readonly figure: Figure;
  readonly verdict: Verdict;
  /** The row that is to cost less, and the other one: their profiles show why it was not reached. */
  readonly rows: readonly RowName[];
  /** The functions that take most beyond what they take in the other row. */
  readonly causes?: readonly string[];
}

/** What a run has measured. */
export interface Results {
  /** The version of Node, as `20.20.2`. */
  readonly node: string;
  readonly http: Readonly<Record<Platform, Costs>>;
  readonly goals: readonly Goal[];
}

/** Of two rows: one costs at most so many times what the other does, as a whole request or beyond an empty interceptor. */
type Aim = readonly [what: 'request' | 'surcharge', name: string, other: string, limit: number];

/** A session that is there, looked at. */
export const READ = `${OURS}, read`;
const WRITTEN = `${OURS}, written`;
const FORGETFUL = `${OURS}, nothing remembered, read`;
const growthOf = (who: string) => [`decode, 2500 bytes, ${who}`, `decode, 139 bytes, ${who}`] as const;

const COMMON: readonly Aim[] = [
  ['surcharge', `${READ}, new tokens`, 'hand-written, read, new tokens', 1.1],
  ['surcharge', `${WRITTEN}, new tokens`, 'hand-written, written, new tokens', 1.1],
  ['surcharge', READ, 'hand-written, read', 0.4],
  ['request', `${OURS}, untouched`, AFTERWARDS, 1.02],
  ['request', `${OURS}, encrypted, read`, READ, 1.05],
  ['request', `${READ}, junk cookie`, READ, 1],
  ['request', `${READ}, forged cookie`, `${READ}, new tokens`, 1],
  ['request', `${READ}, new tokens`, `${FORGETFUL}, new tokens`, 1.05],
  ['request', `${READ}, new tokens, 2500 bytes`, `${FORGETFUL}, new tokens, 2500 bytes`, 1.05],
];

/** With sessions in Redis: to another package's there, and to our own in cookies. */
function storeAims(peer: string, limit: number): Aim[] {
  return ['read', 'written'].flatMap((page): Aim[] => [
    ['surcharge', `${OURS}, Redis, ${page}`, `${peer}, Redis, ${page}`, 0.7],
    ['request', `${OURS}, Redis, ${page}`, `${OURS}, ${page}`, limit],
  ]);
}

const AIMS: Readonly<Record<Platform, readonly Aim[]>> = {
  Express: [
    ...COMMON,
    ['surcharge', READ, 'cookie-session, read', 0.7],
    ['surcharge', WRITTEN, 'cookie-session, written', 0.85],
    ['surcharge', READ, 'express-session, read', 0.6],
    ['surcharge', WRITTEN, 'express-session, written', 0.85],
    ...storeAims(PEERS.Express[1], 1.4),
  ],
  Fastify: [
    ...COMMON,
    ['surcharge', READ, '@fastify/secure-session, read', 0.75],
    ['surcharge', WRITTEN, '@fastify/secure-session, written', 1],
    ...storeAims(PEERS.Fastify[1], 2),
  ],
};

/** The rows that goals are about; with costs, only those of goals that they leave undecided. */
export function judgedRows(platform: Platform, costs?: Costs): Set<string> {
  const open = AIMS[platform].filter((aim) => !costs || judge(platform, costs, aim)?.verdict === 'undecided');
  const rows = open.flatMap(([what, name, other]) => (what === 'surcharge' ? [EMPTY, name, other] : [name, other]));
  return new Set(costs === undefined ? [EMPTY, AGAIN, ...rows] : rows);
}

/** A goal with its verdict; nothing where a row of it is missing, as without Redis. */
function judge(platform: Platform, costs: Costs, [what, name, other, limit]: Aim): Goal | undefined {
  if (!(name in costs && other in costs)) return undefined;
  const figure =
    what === 'request' ? ratioOf(costs, name, other) : surchargeRatioOf(costs, [name, EMPTY], [other, EMPTY]);
  const mine = name.replace(`${OURS}, `, '');
  const rows = [name, other].map((each) => [platform, each] as const);
  return goalOf(`${platform}, ${what}: ${mine}, to ${other.replace(`, ${mine}`, '')}`, limit, figure, rows);
}

/** All goals about time with their verdicts. */
export function goalsOf(codec: Costs, http: Results['http']): Goal[] {
  const requests = PLATFORMS.flatMap((platform) =>
    AIMS[platform].flatMap((aim) => judge(platform, http[platform], aim) ?? []),
  );
  return [...PLATFORMS.map((platform) => noiseGoal(platform, http[platform])), ...requests, ...codecGoals(codec)];
}

/** How the cost of decoding grows from the smallest to the largest session, which has so many KB more. */
function codecGoals(costs: Costs): Goal[] {
  const more = (2500 - 139) / 1000;
  return ['signed', 'encrypted'].flatMap((mode) => {
    const ours = `${mode}: ${OURS}`;
    const { value, margin } = differenceOf(costs, growthOf(`${ours}, repeated token`));
    const toFloor = surchargeRatioOf(costs, growthOf(ours), growthOf('hand-written'));
    return [
      goalOf(`Codec, ${mode}: µs per KB of a repeated token`, 0.1, { value: value / more, margin: margin / more }),
      goalOf(`Codec, ${mode}: growth of a new token per KB, to hand-written`, 1.1, toFloor),
    ];
  });
}

/** The same application against itself: a run that misses this decides nothing. */
export function noiseGoal(platform: Platform, costs: Costs): Goal {
  const { value } = ratioOf(costs, AGAIN, EMPTY);
  return goalOf(`${platform}: noise, ${AGAIN}`, 1.05, { value: Math.max(value, 1 / value), margin: 0 });
}

/** Judges a figure that is to be at most `limit`. */
export function goalOf(text: string, limit: number, figure: Figure, rows: readonly RowName[] = []): Goal {
  return { text, limit, figure, verdict: verdictOf(figure, limit), rows };
}

/** A figure with its margin, where it has one. */
export function textOf({ value, margin }: Figure): string {
  if (margin === 0) return value.toFixed(2);
  return `${value.toFixed(2)} ± ${Number.isFinite(margin) ? margin.toFixed(2) : '?'}`;
}

/** As one line. */
export function lineOf({ text, limit, figure, verdict }: Goal): string {
  return `${verdict}: ${text}: ${textOf(figure)}, at most ${limit.toFixed(2)}`;
}
