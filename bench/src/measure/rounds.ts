/** Something whose cost is measured. */
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
  /** CPU time that a subject has had before it is measured, in milliseconds: by then the compiler has done its work. */
  readonly warmUp: number;
}

/** What is measured by turns, wherever it runs. */
export interface Measured {
  readonly name: string;
  /** CPU time of `times` operations in microseconds. */
  spend(times: number): Promise<number>;
}

/** CPU times of one operation in microseconds, by the name of the subject: one of each round. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/**
 * Measures by turns: each round runs every subject for a short while, so that whatever else slows the machine down
 * meets all of them alike. What counts is the CPU time of the process with all of its threads, not the clock: some
 * subjects work on other threads, and on a shared machine the clock also measures strangers.
 */
export async function measure(subjects: readonly Measured[], rounds: Rounds): Promise<Samples> {
  const times = new Map<Measured, number>();
  for (const subject of subjects) times.set(subject, await timesFor(subject, rounds));
  const samples = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds.count; round++) {
    for (const subject of rotated(subjects, round)) {
      const each = times.get(subject) ?? 1;
      samples.get(subject.name)?.push((await subject.spend(each)) / each);
    }
  }
  return samples;
}

/** All samples of several runs. */
export function merged(runs: readonly Samples[]): Samples {
  const names = runs[0] === undefined ? [] : [...runs[0].keys()];
  return new Map(names.map((name) => [name, runs.flatMap((samples) => [...(samples.get(name) ?? [])])]));
}

/** A subject that runs in this process, which has the whole CPU while it does. */
export function measured(subject: Subject): Measured {
  return {
    name: subject.name,
    async spend(times) {
      globalThis.gc?.({ type: 'minor' });
      const before = process.cpuUsage();
      await subject.run(times);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    },
  };
}

/** Warms a subject up. @returns how often it must run to keep the CPU busy for `slice` milliseconds */
async function timesFor(subject: Measured, { slice, warmUp }: Rounds): Promise<number> {
  let left = warmUp * 1000;
  for (let times = 16; ; times *= 2) {
    const spent = await subject.spend(times);
    left -= spent;
    if (left <= 0) return Math.max(1, Math.round((times * slice * 1000) / spent));
  }
}

/** Begins with another subject in each round: who comes first is not always the same. */
function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
