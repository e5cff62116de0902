// npm run bench -- [--quick | --baseline <folder> | --allocation] [--node <binary>] [--starts <number>]
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countAllocations } from './allocation.js';
import { type Goal, goalsOf, judgedRows, lineOf, noiseGoal, type RowName, textOf } from './goals.js';
import { type Effort, measureHttp, ServerProcess } from './http.js';
import { costOf, type Costs, ratioOf } from './measure.js';
import { excessOf, type Profile, type Resource } from './profile.js';
import { startRedis } from './redis-server.js';
import { writeReport } from './report.js';
import { AGAIN, EMPTY, OURS, type Platform, PLATFORMS, type Row, rowsOn } from './rows.js';

const FULL: Effort = { all: 1, judged: 2, minutes: 8, warmUp: 7, rounds: 1, slices: 10 };
/** Under another Node than the one that measures: the rows with goals. */
const OTHER_NODE: Effort = { ...FULL, all: 0, minutes: 0 };
const QUICK: Effort = { all: 0, judged: 1, minutes: 0, warmUp: 5, rounds: 2, slices: 3 };
/** Goals that the short run has no time for. */
const LONG_ONLY = /Redis|nothing remembered|2500 bytes/;
const CODEC_STARTS = 6;
/** Requests that are looked at to see which functions a goal is missed by. */
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
/** Of all rows, where that is asked for; another checkout has no goals. */
const starts = Number(flags.starts ?? (flags.baseline === undefined ? 0 : flags.quick ? 2 : 6));
const usual = flags.quick ? QUICK : flags.node === process.execPath ? FULL : OTHER_NODE;
const effort = starts === 0 ? usual : { ...usual, all: starts, judged: starts, minutes: 0 };
const print = (text: string) => process.stdout.write(`${text}\n`);

async function measureCodecs(): Promise<Costs> {
  const costs: Record<string, number[]> = {};
  for (let start = 0; start < CODEC_STARTS; start++) {
    const child = fork(new URL('codec.js', import.meta.url), { execPath: flags.node });
    const [found] = (await once(child, 'message')) as [Record<string, number>];
    for (const [name, cost] of Object.entries(found)) (costs[name] ??= []).push(cost);
  }
  return costs;
}

async function measureRows(platform: Platform, rows: readonly Row[]): Promise<Costs> {
  const costs = await measureHttp(rows, effort, flags.node);
  print(`\n${platform}, to ${EMPTY}:`);
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
    const rows = rowsOn(platform).filter(({ name }) => [EMPTY, AGAIN, ...pages].includes(name));
    const theirs = rows.flatMap((row) => {
      return row.app === 'ours' ? [{ ...row, name: `baseline: ${row.name}`, dist: copy.href }] : [];
    });
    const costs = await measureRows(platform, [...rows, ...theirs]);
    print(lineOf(noiseGoal(platform, costs)));
    for (const page of pages) print(`${page}: ${textOf(ratioOf(costs, page, `baseline: ${page}`))} of the baseline`);
  }
}

async function measureAll(): Promise<void> {
  const codec = await measureCodecs();
  const counted = await countAllocations(flags.node);
  const measure = async (platform: Platform) => {
    const judged = judgedRows(platform);
    const isWanted = ({ name }: Row) => judged.has(name) && !(flags.quick && LONG_ONLY.test(name));
    return measureRows(platform, effort.all === 0 ? rowsOn(platform).filter(isWanted) : rowsOn(platform));
  };
  const http = { Express: await measure('Express'), Fastify: await measure('Fastify') };
  const node = execFileSync(flags.node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  const goals = [...(await printGoals(goalsOf(codec, http), 'cpu')), ...(await printGoals(counted, 'heap'))];
  if (!flags.quick) writeReport({ node, http, goals });
}

/** Prints the verdicts, and in a long run the functions that goals are not reached by. @returns the goals with these */
async function printGoals(goals: readonly Goal[], resource: Resource): Promise<Goal[]> {
  const explained: Goal[] = [];
  for (const goal of goals) {
    const profiles: Profile[] = [];
    for (const row of goal.verdict === 'reached' || flags.quick ? [] : goal.rows) {
      profiles.push(await profileOf(row, resource));
    }
    const causes = excessOf(profiles, PROFILED);
    explained.push({ ...goal, causes });
    print([lineOf(goal), ...causes].join('\n    '));
  }
  return explained;
}

const known: Record<string, Profile> = {};

/** What the functions of a row take; of several goals with this row, the first one has it found out. */
async function profileOf([platform, name]: RowName, resource: Resource): Promise<Profile> {
  const key = `${platform} ${name} ${resource}`;
  const row = rowsOn(platform).find((each) => each.name === name);
  if (row === undefined || known[key] !== undefined) return known[key] ?? {};
  const server = await ServerProcess.start(row, flags.node);
  await server.spend(PROFILED);
  await server.ask(`begin ${resource}`);
  await server.spend(PROFILED);
  const profile = await server.ask<Profile>('end');
  server.stop();
  return (known[key] = profile);
}

/** How far beyond a goal an allocation may be before `.ci/run` fails: what was reached, with some room. */
const ALLOCATION_GUARD = 9;

if (flags.allocation) {
  const goals = await printGoals(await countAllocations(flags.node), 'heap');
  if (goals.some(({ limit, figure }) => figure.value > ALLOCATION_GUARD * limit)) process.exitCode = 1;
} else if (flags.baseline !== undefined) await compareWith(flags.baseline);
else {
  const url = await startRedis();
  if (url === undefined) print('Without the rows about Redis: there is no redis-server. Install it, as by apt-get.');
  else process.env.REDIS_URL = url;
  await measureAll();
  process.exit();
}
