// npm run bench -- [--quick | --baseline <folder> | --allocation] [--node <binary>] [--starts <number>]
import { execFileSync, fork } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countAllocations } from './allocation.js';
import {
  AGAIN,
  EMPTY,
  type Goal,
  goalsOf,
  isJudged,
  lineOf,
  noiseGoal,
  OURS,
  PLATFORMS,
  type RowName,
  textOf,
} from './goals.js';
import { type Effort, measureHttp, messageOf, type Row, rowsOn, ServerProcess } from './http.js';
import { costOf, type Costs, ratioOf } from './measure.js';
import { excessOf, type Profile, type Resource } from './profile.js';
import { startRedis } from './redis-server.js';
import { writeReport } from './report.js';

const FULL = { starts: 10, fewStarts: 3, warmUp: 4, slices: 3, slice: 300 };
/** Rows with goals only. */
const QUICK = { starts: 2, fewStarts: 0, warmUp: 3, slices: 2, slice: 300 };
/** Starts, rounds in each, and milliseconds of each operation in a round. */
const CODEC = { full: [5, 14, 8], quick: [2, 5, 5] } as const;

/** Requests that are looked at to see which functions a missed goal is missed by. */
const PROFILED = 10_000;

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    baseline: { type: 'string' },
    allocation: { type: 'boolean', default: false },
    node: { type: 'string', default: process.execPath },
    starts: { type: 'string' },
  },
});
const usual = flags.quick ? QUICK : FULL;
const effort = { ...usual, starts: Number(flags.starts ?? usual.starts) };
const print = (text: string) => process.stdout.write(`${text}\n`);

async function measureCodecs([starts, ...rounds]: (typeof CODEC)['full' | 'quick']): Promise<Costs> {
  const costs: Record<string, number[]> = {};
  for (let start = 0; start < starts; start++) {
    process.stderr.write(`Codecs: start ${start + 1} of ${starts}\n`);
    const child = fork(new URL('codec.js', import.meta.url), rounds.map(String), { execPath: flags.node });
    const found = await messageOf<Record<string, number>>(child);
    for (const [name, cost] of Object.entries(found)) (costs[name] ??= []).push(cost);
  }
  for (const name of Object.keys(costs)) print(`${costOf(costs, name).toFixed(2).padStart(8)} µs  ${name}`);
  return costs;
}

async function measureRows(rows: readonly Row[], { starts, ...more }: Effort): Promise<Costs> {
  const costs = await measureHttp(rows, { starts, ...more }, flags.node);
  print(`\n${rows[0]?.platform ?? ''}, to ${EMPTY}:`);
  for (const name of Object.keys(costs)) {
    print(`${costOf(costs, name).toFixed(1).padStart(8)} µs  ${textOf(ratioOf(costs, name, EMPTY))}  ${name}`);
  }
  return costs;
}

/** Another checkout of this package, built: are its requests as fast? */
async function compareWith(folder: string): Promise<void> {
  // Beside ours, so that both find the same Nest.
  const copy = new URL('baseline/', import.meta.url);
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(folder, 'dist'), copy, { recursive: true });
  const pages = ['untouched', 'read', 'written'].map((page) => `${OURS}, ${page}`);
  for (const platform of PLATFORMS) {
    const rows = rowsOn(platform).filter(({ name }) => name === EMPTY || name === AGAIN || pages.includes(name));
    const theirs = rows.flatMap((row) => {
      return row.app === 'ours' ? [{ ...row, name: `baseline: ${row.name}`, dist: copy.href }] : [];
    });
    const costs = await measureRows([...rows, ...theirs], { ...effort, fewStarts: effort.starts });
    print(lineOf(noiseGoal(platform, costs)));
    for (const page of pages) print(`${page}: ${textOf(ratioOf(costs, page, `baseline: ${page}`))} of the baseline`);
  }
}

async function measureAll(): Promise<void> {
  const codec = await measureCodecs(flags.quick ? CODEC.quick : CODEC.full);
  const counted = await countAllocations(flags.node);
  const rows = (platform: (typeof PLATFORMS)[number]) =>
    rowsOn(platform).filter(({ name }) => !flags.quick || isJudged(platform, name));
  const http = {
    Express: await measureRows(rows('Express'), effort),
    Fastify: await measureRows(rows('Fastify'), effort),
  };
  const node = execFileSync(flags.node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  const goals = [...(await printGoals(goalsOf(codec, http), 'cpu')), ...(await printGoals(counted, 'heap'))];
  if (!flags.quick) writeReport({ node, starts: effort.starts, http, goals });
}

/** Prints the verdicts, and in a long run what missed goals are missed by. @returns the goals with that */
async function printGoals(goals: readonly Goal[], resource: Resource): Promise<Goal[]> {
  const explained: Goal[] = [];
  for (const goal of goals) {
    const profiles: Profile[] = [];
    for (const row of goal.verdict === 'missed' && !flags.quick ? goal.rows : []) {
      profiles.push(await profileOf(row, resource));
    }
    const causes = excessOf(profiles, PROFILED);
    explained.push({ ...goal, causes });
    print([lineOf(goal), ...causes].join('\n    '));
  }
  return explained;
}

async function profileOf([platform, name]: RowName, resource: Resource): Promise<Profile> {
  const rows = rowsOn(platform).filter((row) => row.name === name);
  const [server] = await Promise.all(rows.map((row) => ServerProcess.start(row, flags.node)));
  await server?.spend(PROFILED);
  await server?.ask(`begin ${resource}`);
  await server?.spend(PROFILED);
  const profile = await server?.ask<Profile>('end');
  server?.stop();
  return profile ?? {};
}

/** The most KiB that a read may allocate before `.ci/run` fails: the goal is 1, and this is what was reached, with some room. */
const ALLOCATION_GUARD = 9;

/** What `.ci/run` checks: the goals are printed, and it fails where a figure is beyond the guard. */
async function checkAllocations(): Promise<void> {
  const goals = await countAllocations(flags.node);
  await printGoals(goals, 'heap');
  if (goals.some(({ limit, figure }) => figure.value > ALLOCATION_GUARD * limit)) process.exitCode = 1;
}

if (flags.allocation) await checkAllocations();
else if (flags.baseline !== undefined) await compareWith(flags.baseline);
else {
  const redis = await startRedis();
  if (redis === undefined) print('Without the rows about Redis: there is no redis-server. Install it, as by apt-get.');
  else process.env.REDIS_URL = redis.url;
  try {
    await measureAll();
  } finally {
    redis?.stop();
  }
}
