// What is to be, and whether it is.
import {
  type Costs,
  differenceOf,
  type Figure,
  ratioOf,
  type Surcharge,
  surchargeRatioOf,
  type Verdict,
  verdictOf,
} from './measure.js';

/** The web frameworks that Nest runs on. */
export const PLATFORMS = ['Express', 'Fastify'] as const;
/** One of them. */
export type Platform = (typeof PLATFORMS)[number];

/** The row that all surcharges are taken from. */
export const EMPTY = 'empty interceptor';
/** The same once more: how far it is from itself is the noise. */
export const AGAIN = `${EMPTY}, again`;
/** How the rows of this package begin. */
export const OURS = 'nestjs-sessions';
/** How rows end whose tokens never come twice. */
export const NEW = ', new tokens';

/** A row and where it runs. */
export type RowName = readonly [Platform, name: string];

/** A goal, and what came out. */
export interface Goal {
  readonly text: string;
  readonly limit: number;
  readonly figure: Figure;
  readonly verdict: Verdict;
  /** The row that is to cost less, and the other one: their profiles show why it was missed. */
  readonly rows: readonly RowName[];
  /** The functions that it was missed by. */
  readonly causes?: readonly string[];
}

/** What a run has measured. */
export interface Results {
  /** The version of Node, as `20.20.2`. */
  readonly node: string;
  readonly starts: number;
  readonly http: Readonly<Record<Platform, Costs>>;
  readonly goals: readonly Goal[];
}

/** Of two rows: one costs at most so many times what the other does, as a whole request or beyond an empty interceptor. */
type Aim = readonly [what: 'request' | 'surcharge', name: string, other: string, limit: number];

/** A session that is there, looked at. */
export const READ = `${OURS}, read`;
const WRITTEN = `${OURS}, written`;
const FORGETFUL = `${OURS}, nothing remembered, read`;

const AIMS: readonly Aim[] = [
  ['surcharge', READ + NEW, `hand-written, read${NEW}`, 1.1],
  ['surcharge', WRITTEN + NEW, `hand-written, written${NEW}`, 1.1],
  ['surcharge', READ, 'hand-written, read', 0.4],
  ['request', `${OURS}, untouched`, 'interceptor that acts afterwards', 1.02],
  ['request', `${OURS}, encrypted, read`, READ, 1.05],
  ['request', `${OURS}, junk cookie`, READ, 1],
  ['request', `${OURS}, forged cookie`, READ + NEW, 1],
  ['request', READ + NEW, FORGETFUL + NEW, 1.05],
  ['request', `${READ + NEW}, 2500 bytes`, `${FORGETFUL + NEW}, 2500 bytes`, 1.05],
];

/** With sessions in Redis: to another package's there, and to our own in cookies. */
function storeAims(peer: string, limit: number): Aim[] {
  return ['read', 'written'].flatMap((page): Aim[] => [
    ['surcharge', `${OURS}, Redis, ${page}`, `${peer}, Redis, ${page}`, 0.7],
    ['request', `${OURS}, Redis, ${page}`, `${OURS}, ${page}`, limit],
  ]);
}

const AGAINST_PEERS: Readonly<Record<Platform, readonly Aim[]>> = {
  Express: [
    ['surcharge', READ, 'cookie-session, read', 0.7],
    ['surcharge', WRITTEN, 'cookie-session, written', 0.85],
    ['surcharge', READ, 'express-session, read', 0.6],
    ['surcharge', WRITTEN, 'express-session, written', 0.85],
    ...storeAims('express-session', 1.4),
  ],
  Fastify: [
    ['surcharge', READ, '@fastify/secure-session, read', 0.75],
    ['surcharge', WRITTEN, '@fastify/secure-session, written', 1],
    ...storeAims('@fastify/session', 2),
  ],
};

function aimsOf(platform: Platform): Aim[] {
  return [...AIMS, ...AGAINST_PEERS[platform]];
}

/** Whether a goal is about a row, or all of them are. */
export function isJudged(platform: Platform, row: string): boolean {
  return row === EMPTY || row === AGAIN || aimsOf(platform).some(([, ...names]) => names.includes(row));
}

/** All goals about time with their verdicts. */
export function goalsOf(codec: Costs, http: Results['http']): Goal[] {
  const requests = PLATFORMS.flatMap((platform) => {
    const [costs, reference] = [http[platform], EMPTY];
    // There may be no Redis.
    const aims = aimsOf(platform).filter(([, name]) => name in costs);
    return aims.map(([what, name, other, limit]) => {
      const figure =
        what === 'request'
          ? ratioOf(costs, name, other)
          : surchargeRatioOf(costs, { name, reference }, { name: other, reference });
      const text = `${platform}, ${what}: ${name.replace(`${OURS}, `, '')}, to ${other}`;
      const rows = [name, other].map((each) => [platform, each] as const);
      return goalOf(text, limit, figure, rows);
    });
  });
  const noises = PLATFORMS.map((platform) => noiseGoal(platform, http[platform]));
  return [...noises, ...requests, ...codecGoals(codec)];
}

function growthOf(who: string): Surcharge {
  return { name: `decode, 2500 bytes, ${who}`, reference: `decode, 139 bytes, ${who}` };
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
