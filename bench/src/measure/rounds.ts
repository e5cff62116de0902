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
  /**
   * CPU time that a subject has had before it is measured, in milliseconds: by then the compiler has done its work. In
   * rounds too, as it works in the background, and goes on while others are run.
   */
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

/** The samples of several runs in processes of their own: the compiler decides otherwise in each. */
export type Runs = readonly Samples[];

/**
 * Measures by turns: each round runs every subject for a short while, so that whatever else slows the machine down
 * meets all of them alike. What counts is the CPU time of the process with all of its threads, not the clock: some
 * subjects work on other threads, and on a shared machine the clock also measures strangers.
 */
export async function measure(subjects: readonly Measured[], rounds: Rounds): Promise<Samples> {
  const times = new Map<Measured, number>();
  for (const subject of subjects) times.set(subject, await timesFor(subject, rounds));
  const samples = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  const skipped = Math.ceil(rounds.warmUp / rounds.slice);
  for (let round = -skipped; round < rounds.count; round++) {
    for (const subject of rotated(subjects, round + skipped)) {
      const each = times.get(subject) ?? 1;
      const spent = await subject.spend(each);
      if (round >= 0) samples.get(subject.name)?.push(spent / each);
    }
  }
  return samples;
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

/** How often a subject must run to keep the CPU busy for `slice` milliseconds. */
async function timesFor(subject: Measured, { slice }: Rounds): Promise<number> {
  for (let times = 16; ; times *= 2) {
    const spent = await subject.spend(times);
    if (spent >= slice * 500) return Math.max(1, Math.round((times * slice * 1000) / spent));
  }
}

/** Begins with another one each time: who comes first is not always the same. */
export function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
