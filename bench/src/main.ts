// The whole run: npm run bench, or npm run bench -- --quick.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { SIZES } from './codec/session.js';
import { PLATFORMS, type Platform } from './http/platform.js';
import { leaveFirstCore, measureConcurrency, measureSockets } from './http/sockets.js';
import type { Samples } from './measure/rounds.js';
import { chartOf } from './report/chart.js';
import { documentOf } from './report/document.js';
import { goalsOf, textOfGoals, titles } from './report/goals.js';
import { type Table, tableOf, textOf } from './report/table.js';
import { FULL, QUICK } from './settings.js';

const isQuick = process.argv.includes('--quick');
const effort = isQuick ? QUICK : FULL;
const tables: Table[] = [];
const heaps: string[] = [];
const print = (text: string) => process.stdout.write(`${text}\n`);

function add(title: string, samples: Samples, baselineOf: (name: string) => string): void {
  const table = tableOf(title, samples, baselineOf);
  tables.push(table);
  print(textOf(table));
}

/** A part in a process of its own. */
async function samplesOf(part: string, of: string): Promise<Samples> {
  const file = new URL('part.js', import.meta.url);
  const child = fork(file, [part, of, JSON.stringify(effort)], { execArgv: ['--expose-gc'] });
  const [entries] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`The part "${part} ${of}" has failed.`);
    }),
  ])) as [[string, number[]][]];
  return new Map(entries);
}

function floorOf(name: string): string {
  return name === '' ? 'the floor' : name.replace(/: .*/, ': floor: node:crypto');
}

function interceptorOf(): string {
  return 'empty interceptor';
}

async function measurePlatform(platform: Platform): Promise<void> {
  add(titles.http(platform), await samplesOf('http', platform), interceptorOf);
  add(titles.sockets(platform), await measureSockets(platform, effort), interceptorOf);
  add(titles.growth(platform), await samplesOf('growth', platform), interceptorOf);
  const { samples, heaps: found } = await measureConcurrency(platform, effort.sockets.requests);
  add(titles.concurrency(platform), samples, (name) =>
    name === '' ? '' : name.replace(/.*(?=, \d)/, 'empty interceptor'),
  );
  heaps.push(...found.map((heap) => `${platform}: ${heap}`));
}

leaveFirstCore();
for (const size of SIZES) add(titles.codec(size), await samplesOf('codec', String(size)), floorOf);
for (const platform of PLATFORMS) await measurePlatform(platform);

const goals = goalsOf(tables);
print(textOfGoals(goals));
print(heaps.join('\n'));
if (!isQuick) {
  const docs = new URL('../../docs/', import.meta.url);
  const rows = tables.find(({ title }) => title === titles.sockets('express'))?.rows ?? [];
  writeFileSync(new URL('benchmarks.md', docs), documentOf(tables, goals, heaps, effort));
  writeFileSync(new URL('benchmarks.svg', docs), chartOf('CPU time of a request, Nest 12 on Express', rows));
}
