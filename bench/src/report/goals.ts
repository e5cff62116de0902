import { encryptedFloor, signedFloor } from '../codec/floor.js';
import { SIZES } from '../codec/session.js';
import { subjectName } from '../codec/subjects.js';
import { PLATFORMS, type Platform } from '../http/platform.js';
import { rowOf, type Table } from './table.js';

/** What is to be, as a ratio of two minimums of one run. */
export interface Goal {
  readonly text: string;
  readonly ratio: number;
  readonly limit: number;
  readonly isReached: boolean;
}

/** The titles of the tables, by which goals find them. */
export const titles = {
  codec: (size: number) => `Codec, ${size} bytes of JSON`,
  http: (platform: Platform) => `${titleOf(platform)}, in one process`,
  sockets: (platform: Platform) => `${titleOf(platform)}, over sockets`,
  growth: (platform: Platform) => `${titleOf(platform)}, what a request costs more`,
  concurrency: (platform: Platform) => `${titleOf(platform)}, requests at once`,
};

function titleOf(platform: Platform): string {
  return platform === 'express' ? 'Express' : 'Fastify';
}

const OURS = 'nestjs-sessions';

export function goalsOf(tables: readonly Table[]): Goal[] {
  const goal = (text: string, title: string, [name, other]: readonly [string, string], limit: number): Goal => {
    const measured = rowOf(tables, title, name).minimum / rowOf(tables, title, other).minimum;
    // The same against itself: noise goes both ways.
    const ratio = name.endsWith(', again') ? Math.max(measured, 1 / measured) : measured;
    return { text, ratio, limit, isReached: ratio <= limit };
  };
  return [
    ...SIZES.flatMap((size) => codecGoals(goal, size)),
    ...PLATFORMS.flatMap((platform) => httpGoals(goal, platform)),
  ];
}

type GoalMaker = (text: string, title: string, names: readonly [string, string], limit: number) => Goal;

function codecGoals(goal: GoalMaker, size: number): Goal[] {
  const title = titles.codec(size);
  const goals: Goal[] = [
    goal(
      `codec, ${size} bytes: the floor against itself`,
      title,
      [
        subjectName({ ...signedFloor, name: `${signedFloor.name}, again` }, 'decode'),
        subjectName(signedFloor, 'decode'),
      ],
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
    ['signed', 'signed', 'keygrip, as cookie-session has it', 1 / 2],
    ['signed', 'signed', 'jose (JWS)', 1 / 10],
    ['encrypted', 'encrypted', 'jose (JWE)', 1 / 10],
    ['signed', 'encrypted', 'iron-session', 1 / 45],
    ['signed', 'signed', 'fast-jwt', 1],
  ] as const;
  for (const [mode, theirMode, name, limit] of peers) {
    const names = [
      subjectName({ mode, name: OURS }, 'decode'),
      subjectName({ mode: theirMode, name }, 'decode'),
    ] as const;
    goals.push(goal(`codec, ${size} bytes: ${mode}, decode, to ${name}`, title, names, limit));
  }
  return goals;
}

function httpGoals(goal: GoalMaker, platform: Platform): Goal[] {
  const peers =
    platform === 'express' ? ['cookie-session', 'express-session, memory store'] : ['@fastify/secure-session'];
  const ours = [
    ['empty interceptor, again', 'empty interceptor', 1.02],
    [`${OURS}, untouched`, 'empty interceptor', 1.02],
    [`${OURS}, read`, 'empty interceptor', 1.06],
    [`${OURS}, written`, 'empty interceptor', 1.12],
    [`${OURS}, injected, read`, 'empty request-scoped provider', 1.05],
    ...peers.map((peer) => [`${OURS}, read`, `${peer}, read`, 0.85] as const),
  ] as const;
  const tables = [titles.http(platform), titles.sockets(platform)];
  const growth = titles.growth(platform);
  return [
    ...tables.flatMap((title) =>
      ours.map(([name, other, limit]) => goal(`${title}: ${name}, to ${other}`, title, [name, other], limit)),
    ),
    goal(`${growth}: a rejected cookie, to a valid one`, growth, ['read, tampered cookie', 'read, valid cookie'], 1),
    goal(`${growth}: ten secrets, to one`, growth, ['read, 10 secrets', 'read, valid cookie'], 1.02),
  ];
}

/** As Markdown. */
export function textOfGoals(goals: readonly Goal[]): string {
  const lines = goals.map(
    ({ text, ratio, limit, isReached }) =>
      `| ${text} | ${ratio.toFixed(3)} | ${limit.toFixed(3)} | ${isReached ? 'reached' : 'not reached'} |`,
  );
  return `| goal | ratio | at most | |\n| --- | ---: | ---: | --- |\n${lines.join('\n')}\n`;
}
