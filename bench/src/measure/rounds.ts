/** Something whose cost is measured, in a process of which it has the whole CPU while it runs. */
export interface Subject {
  readonly name: string;
  /** Does the same thing so many times. */
  run(times: number): void | Promise<void>;
}

/** How long is measured. */
export interface Rounds {
  readonly count: number;
  /** CPU time of one subject in one round, in milliseconds. */
  readonly slice: number;
}

/** CPU times of one operation in microseconds, by the name of the subject: one of each round. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/**
 * Measures by turns: each round runs every subject for a short while, so that whatever else slows the machine down
 * meets all of them alike. What counts is the CPU time of the process with all of its threads, not the clock: some
 * subjects work on other threads, and on a shared machine the clock also measures strangers.
 */
export async function measure(subjects: readonly Subject[], { count, slice }: Rounds): Promise<Samples> {
  const times = new Map<Subject, number>();
  for (const subject of subjects) times.set(subject, await timesFor(subject, slice));
  const samples = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < count; round++) {
    for (const subject of rotated(subjects, round)) {
      globalThis.gc?.({ type: 'minor' });
      const each = times.get(subject) ?? 1;
      samples.get(subject.name)?.push((await cpuTime(subject, each)) / each);
    }
  }
  return samples;
}

/** How often a subject must run to keep the CPU busy for `slice` milliseconds; warms it up on the way. */
async function timesFor(subject: Subject, slice: number): Promise<number> {
  for (let times = 16; ; times *= 2) {
    const spent = await cpuTime(subject, times);
    // By the time that this takes as long as several slices, the compiler has done its work.
    if (spent > slice * 4000) return Math.max(1, Math.round((times * slice * 1000) / spent));
  }
}

/** In microseconds. */
async function cpuTime(subject: Subject, times: number): Promise<number> {
  const before = process.cpuUsage();
  await subject.run(times);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Begins with another subject in each round: who comes first is not always the same. */
function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
