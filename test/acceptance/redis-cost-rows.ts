import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TableRow, TableRows } from '../support/table-row.js';
import { type Figure, figureRow } from './figure-row.js';

/** Where a whole run of bench/ leaves its results, one file for each Node. */
const RESULTS = fileURLToPath(new URL('../../bench/build/', import.meta.url));

/** On each platform: the package to compare with, and how many times what a session in a cookie costs one in Redis may cost. */
const PLATFORMS = [
  ['Express', 'express-session', 1.4],
  ['Fastify', '@fastify/session', 2],
] as const;

/** As much of the results as is needed here. */
interface Results {
  readonly node: string;
  readonly goals: readonly {
    /** Platform and name of both that are compared. */
    readonly rows: readonly (readonly [platform: string, name: string])[];
    readonly figure: { readonly value: number; readonly margin: number | null };
  }[];
}

/** CPU time with sessions in Redis, as the last whole run of bench/ has found it, with the date of that run. */
export async function* redisCostRows(): TableRows {
  const files = existsSync(RESULTS) ? readdirSync(RESULTS).filter((file) => /^results-\d+\.json$/.test(file)) : [];
  if (files.length === 0) yield unmeasured('CPU with Redis');
  for (const file of files.toSorted()) yield* rowsOf(RESULTS + file);
}

function* rowsOf(path: string): Generator<TableRow> {
  const { node, goals } = JSON.parse(readFileSync(path, 'utf8')) as Results;
  const { mtime } = statSync(path);
  const changedAt = execFileSync('git', ['log', '-1', '--format=%cI', '--', 'lib'], { encoding: 'utf8' }).trim();
  const age = mtime < new Date(changedAt) ? ', before the last change of lib/' : '';
  const when = `Node ${node}, measured ${mtime.toISOString().slice(0, 16)}${age}`;
  for (const [platform, peer, limit] of PLATFORMS) {
    for (const page of ['read', 'written']) {
      const ours = `nestjs-sessions, Redis, ${page}`;
      const comparisons = [
        ['cookies only', `nestjs-sessions, ${page}`, limit],
        // Not slower: what sessions add to a request is at most as much.
        [`${peer} with Redis`, `${peer}, Redis, ${page}`, 1],
      ] as const;
      for (const [title, other, most] of comparisons) {
        const name = `CPU with Redis, to ${title}, ${platform}, session ${page}, ${when}`;
        const both = JSON.stringify([ours, other].map((each) => [platform, each]));
        const goal = goals.find(({ rows }) => JSON.stringify(rows) === both);
        yield goal === undefined ? unmeasured(name) : figureRow(name, figureOf(goal), most);
      }
    }
  }
}

/** JSON knows no Infinity. */
function figureOf({ figure: { value, margin } }: Results['goals'][number]): Figure {
  return { value, margin: margin ?? Infinity };
}

function unmeasured(name: string): TableRow {
  return { name, figure: 'not measured', limit: 'run npm run bench with a redis-server', verdict: 'undecided' };
}
