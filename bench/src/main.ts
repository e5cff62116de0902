// The whole run: npm run bench, or npm run bench -- --quick.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { itsdangerousSeries } from './codec/itsdangerous.js';
import { SIZES } from './codec/session.js';
import { growthApplications } from './growth/applications.js';
import { type Application, inProcess, measureApplications, overSockets } from './http/applications.js';
import { measureConcurrency } from './http/concurrency.js';
import { costsOn } from './http/costs.js';
import { heapsOn } from './http/heap.js';
import { PLATFORMS, type Platform } from './http/platform.js';
import { REFERENCE, withReference } from './http/reference.js';
import { leaveFirstCore } from './http/server-process.js';
import { variantsOn } from './http/variants.js';
import type { Rounds } from './measure/rounds.js';
import { type Found, type Samples, samplesOf } from './measure/samples.js';
import { textOfCosts } from './report/costs.js';
import { type Comparison, isJudged } from './report/comparison.js';
import { textOfGoals, textOfNoise } from './report/goal-text.js';
import { goalsOf } from './report/goals.js';
import { GROWTH_COMPARISONS, requestComparisons } from './report/http-goals.js';
import { writeReport } from './report/report.js';
import { keepResults, type Measurements, measurementsOf, surroundings } from './report/results.js';
import { tableOf, textOf } from './report/table.js';
import { titles } from './report/titles.js';
import { type Efforts, FULL, QUICK, settingOf } from './settings.js';

const isQuick = process.argv.includes('--quick');
const efforts: Efforts = isQuick ? QUICK : FULL;
const measurements: Measurements[] = [];
const costs: string[] = [];
const heaps: string[] = [];
const print = (text: string) => process.stdout.write(`${text}\n`);

function add(title: string, samples: Samples, baselineOf: (name: string) => string): void {
  const found = measurementsOf(title, samples, baselineOf);
  measurements.push(found);
  print(textOf(tableOf(found)));
}

async function codecSamples(size: number): Promise<Samples> {
  const { starts, rounds } = efforts.codec;
  const found: Found[] = [];
  for (let start = 0; start < starts; start++) {
    found.push([...(await codecSeries(size, rounds)), ...itsdangerousSeries(size, rounds.count)]);
  }
  return samplesOf(found);
}

async function codecSeries(size: number, rounds: Rounds): Promise<Found> {
  const file = new URL('part.js', import.meta.url);
  const child = fork(file, [String(size), JSON.stringify(rounds)], { execArgv: ['--expose-gc'] });
  const [found] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`The codecs could not be measured with ${size} bytes.`);
    }),
  ])) as [Found];
  return found;
}

function floorOf(name: string): string {
  return name === '' ? 'the floor' : name.replace(/: .*/, ': floor: node:crypto');
}

function referenceOf(): string {
  return REFERENCE;
}

/** What no goal is about takes part in a few of the starts, or in none. */
function ranked(applications: readonly Application[], fewStarts: number, comparisons: readonly Comparison[]) {
  return applications.map((each) => (isJudged(each.name, comparisons) ? each : { ...each, starts: fewStarts }));
}

async function measurePlatform(platform: Platform): Promise<void> {
  const { requests, growth, more } = efforts;
  const setting = settingOf(platform);
  const others = variantsOn(platform).filter(({ name }) => name !== REFERENCE);
  const applications = others.map(({ name }) => ({ name, variant: name, setting }));
  const ways = [inProcess(requests.inProcess)];
  if (requests.sockets !== undefined) ways.push(overSockets(requests.sockets, requests.sockets.connections));
  const [alone = new Map(), served] = await measureApplications(
    withReference(ranked(applications, requests.fewStarts, requestComparisons(platform)), setting, requests.copies),
    requests,
    ways,
  );
  add(titles.http(platform), alone, referenceOf);
  if (served !== undefined) add(titles.sockets(platform), served, referenceOf);

  const growing = ranked(growthApplications(platform), growth.fewStarts, GROWTH_COMPARISONS);
  const [grown = new Map()] = await measureApplications(withReference(growing, setting, growth.copies), growth, [
    inProcess(growth.inProcess),
  ]);
  add(titles.growth(platform), grown, referenceOf);
  if (more === undefined) return;
  const { concurrency, profile } = more;
  add(titles.concurrency(platform), await measureConcurrency(platform, concurrency), (name) =>
    name === '' ? `${REFERENCE}, as many at once` : name.replace(/.*(?=, \d)/, REFERENCE),
  );
  heaps.push(...(await heapsOn(platform, more.heap)));
  costs.push(textOfCosts(titles.costs(platform), await costsOn(platform, profile, requests.warmUp)));
  print(costs.at(-1) ?? '');
}

leaveFirstCore();
for (const size of SIZES) add(titles.codec(size), await codecSamples(size), floorOf);
for (const platform of PLATFORMS) await measurePlatform(platform);

const { noise, goals } = goalsOf(measurements.map(tableOf));
print(textOfNoise(noise));
print(textOfGoals(goals));
print(heaps.join('\n'));
if (!isQuick) {
  const results = { ...surroundings(), efforts: FULL, measurements, costs, heaps };
  keepResults(results);
  writeReport(results);
}
