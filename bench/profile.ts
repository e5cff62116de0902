// Where the time or the memory of a process goes, by function.
import { type Runtime, Session } from 'node:inspector/promises';

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
    return async () => {
      const { nodes, samples = [], startTime, endTime } = (await session.post('Profiler.stop')).profile;
      const time = (endTime - startTime) / samples.length;
      const { '(idle)': _, ...times } = sumOf(nodes.map((node) => [node.callFrame, (node.hitCount ?? 0) * time]));
      return times;
    };
  }
  const collected = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
  await session.post('HeapProfiler.startSampling', { samplingInterval: 256, ...collected });
  return async () => {
    const nodes = [(await session.post('HeapProfiler.stopSampling')).profile.head];
    for (const { children } of nodes) nodes.push(...children);
    return sumOf(nodes.map((node) => [node.callFrame, node.selfSize]));
  };
}

/** By function and file: `seal (signed.codec.js)`. */
function sumOf(parts: readonly (readonly [place: Runtime.CallFrame, amount: number])[]): Profile {
  const sums: Record<string, number> = {};
  for (const [{ functionName, url }, amount] of parts) {
    const name = [functionName || 'anonymous', ...(url === '' ? [] : [`(${url.split('/').at(-1)})`])].join(' ');
    sums[name] = (sums[name] ?? 0) + amount;
  }
  return sums;
}

/** The functions that take the most in the first profile beyond what they take in the second one, for each of so many runs. */
export function excessOf([profile = {}, other = {}]: readonly Profile[], runs: number): string[] {
  const excess = Object.entries(profile).map(([name, amount]) => [name, (amount - (other[name] ?? 0)) / runs] as const);
  const most = excess.toSorted(([, a], [, b]) => b - a).slice(0, NAMED);
  return most.map(([name, amount]) => `${name} ${amount.toFixed(amount < 10 ? 2 : 0)}`);
}
