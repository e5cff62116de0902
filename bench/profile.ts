// Where the time or the memory of a process goes, by function.
import { type HeapProfiler, type Profiler, Session } from 'node:inspector/promises';

/** Microseconds of CPU time, or bytes, by function. */
export type Profile = Readonly<Record<string, number>>;
/** What is looked at. */
export type Resource = 'cpu' | 'heap';

/** How many functions are named. */
const NAMED = 5;

/** Begins to look. @returns ends it */
export async function beginProfile(resource: Resource): Promise<() => Promise<Profile>> {
  const session = new Session();
  session.connect();
  if (resource === 'cpu') {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    return async () => timesOf((await session.post('Profiler.stop')).profile);
  }
  const collected = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
  await session.post('HeapProfiler.startSampling', { samplingInterval: 256, ...collected });
  return async () => bytesOf((await session.post('HeapProfiler.stopSampling')).profile.head);
}

function timesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Profile {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const { '(idle)': _, ...times } = sumOf(samples.map((id, index) => [names.get(id) ?? '', timeDeltas[index] ?? 0]));
  return times;
}

function bytesOf(head: HeapProfiler.SamplingHeapProfileNode): Profile {
  const all = [head];
  for (const { children } of all) all.push(...children);
  return sumOf(all.map(({ callFrame, selfSize }) => [nameOf(callFrame), selfSize]));
}

function sumOf(parts: readonly (readonly [name: string, amount: number])[]): Profile {
  const sums: Record<string, number> = {};
  for (const [name, amount] of parts) sums[name] = (sums[name] ?? 0) + amount;
  return sums;
}

/** A function and its file: `seal (signed.codec.js)`. */
function nameOf({ functionName, url }: { readonly functionName: string; readonly url: string }): string {
  const file = url.split('/').at(-1) ?? '';
  return `${functionName === '' ? 'anonymous' : functionName}${file === '' ? '' : ` (${file})`}`;
}

/** The functions that take the most in the first profile beyond what they take in the second one, for each of so many runs. */
export function excessOf([profile = {}, other = {}]: readonly Profile[], runs: number): string[] {
  const excess = Object.entries(profile).map(([name, amount]) => [name, (amount - (other[name] ?? 0)) / runs] as const);
  const most = excess.toSorted(([, a], [, b]) => b - a).slice(0, NAMED);
  return most.map(([name, amount]) => `${name} ${amount.toFixed(amount < 10 ? 2 : 0)}`);
}
