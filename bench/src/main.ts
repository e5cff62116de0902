// The whole run: npm run bench, or npm run bench -- --quick.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { itsdangerousSamples } from './codec/itsdangerous.js';
import { SIZES } from './codec/session.js';
import { growthApplications } from './growth/applications.js';
import { type Application, inProcess, measureApplications, overSockets } from './http/applications.js';
import { measureConcurrency } from './http/concurrency.js';
import { costsOn } from './http/costs.js';
import { heapsOn } from './http/heap.js';
import { PLATFORMS, type Platform } from './http/platform.js';
import { leaveFirstCore } from './http/server-process.js';
import { variantsOn } from './http/variants.js';
import type { Runs, Samples } from './measure/rounds.js';
import { chartOf } from './report/chart.js';
import { textOfCosts } from './report/costs.js';
import { documentOf } from './report/document.js';
import { goalsOf, textOfGoals, titles } from './report/goals.js';
import { GROWTH_COMPARISONS, isJudged, requestComparisons } from './report/http-goals.js';
import { type Table, tableOf, textOf } from './report/table.js';
import { CONNECTIONS, type Efforts, FULL, QUICK, settingOf } from './settings.js';

const isQuick = process.argv.includes('--quick');
const efforts: Efforts = isQuick ? QUICK : FULL;
const tables: Table[] = [];
const costs: string[] = [];
const heaps: string[] = [];
const print = (text: string) => process.stdout.write(`${text}\n`);

function add(title: string, runs: Runs, baselineOf: (name: string) => string): void {
  const table = tableOf(title, runs, baselineOf);
  tables.push(table);
  print(textOf(table));
}

async function codecSamples(size: number): Promise<Samples> {
  const file = new URL('part.js', import.meta.url);
  const child = fork(file, [String(size), JSON.stringify(efforts.codec)], { execArgv: ['--expose-gc'] });
  const [entries] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`The codecs could not be measured with ${size} bytes.`);
    }),
  ])) as [[string, number[]][]];
  return new Map([...entries, ...itsdangerousSamples(size, efforts.codec.count)]);
}

function floorOf(name: string): string {
  return name === '' ? 'the floor' : name.replace(/: .*/, ': floor: node:crypto');
}

function interceptorOf(): string {
  return 'empty interceptor';
}

/** Every application, and the one that the others are compared with a second time: that is the noise. */
function applicationsOn(platform: Platform): Application[] {
  const setting = settingOf(platform);
  const all = variantsOn(platform).map(({ name }) => ({ name, variant: name, setting }));
  return chosen([...all, { name: 'empty interceptor, again', variant: 'empty interceptor', setting }], platform);
}

/** The short run measures what goals are about. */
function chosen(applications: Application[], platform: Platform): Application[] {
  const comparisons = [...requestComparisons(platform), ...GROWTH_COMPARISONS];
  return isQuick ? applications.filter(({ name }) => isJudged(name, comparisons)) : applications;
}

async function measurePlatform(platform: Platform): Promise<void> {
  const applications = applicationsOn(platform);
  const { requests, growth, more } = efforts;
  const ways = [inProcess(requests.inProcess)];
  if (requests.sockets !== undefined) ways.push(overSockets(requests.sockets, CONNECTIONS));
  const [alone = [], served] = await measureApplications(applications, requests, ways);
  add(titles.http(platform), alone, interceptorOf);
  if (served !== undefined) add(titles.sockets(platform), served, interceptorOf);
  const growing = chosen(growthApplications(platform), platform);
  const [grown = []] = await measureApplications(growing, growth, [inProcess(growth.inProcess)]);
  add(titles.growth(platform), grown, interceptorOf);
  if (more === undefined) return;
  const { concurrency, profile } = more;
  add(titles.concurrency(platform), await measureConcurrency(platform, concurrency), (name) =>
    name === '' ? '' : name.replace(/.*(?=, \d)/, 'empty interceptor'),
  );
  heaps.push(...(await heapsOn(platform)));
  costs.push(textOfCosts(titles.costs(platform), await costsOn(platform, profile, requests.warmUp)));
  print(costs.at(-1) ?? '');
}

leaveFirstCore();
for (const size of SIZES) add(titles.codec(size), [await codecSamples(size)], floorOf);
for (const platform of PLATFORMS) await measurePlatform(platform);

const goals = goalsOf(tables);
print(textOfGoals(goals));
print(heaps.join('\n'));
if (!isQuick) {
  const docs = new URL('../../docs/', import.meta.url);
  const rows = tables.find(({ title }) => title === titles.sockets('express'))?.rows ?? [];
  writeFileSync(new URL('benchmarks.md', docs), documentOf({ tables, goals, costs, heaps }));
  writeFileSync(new URL('benchmarks.svg', docs), chartOf('CPU time of a request, Nest 12 on Express', rows));
}
