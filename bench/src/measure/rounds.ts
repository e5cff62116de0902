import type { Found } from './samples.js';

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

/**
 * Measures by turns: each round runs every subject for a short while, so that whatever else slows the machine down
 * meets all of them alike. What counts is the CPU time of the process with all of its threads, not the clock: some
 * subjects work on other threads, and on a shared machine the clock also measures strangers.
 *
 * @returns the series of each subject, under its name
 */
export async function measure(subjects: readonly Measured[], rounds: Rounds): Promise<Found> {
  const courses: Course[] = [];
  for (const subject of subjects) courses.push({ subject, times: await timesFor(subject, rounds), series: [] });
  const skipped = Math.ceil(rounds.warmUp / rounds.slice);
  for (let round = -skipped; round < rounds.count; round++) {
    const order = rotated(courses, round + skipped);
    // There and back: what slows the machine down more and more meets all of them alike, too.
    for (const course of round % 2 === 0 ? order : order.toReversed()) {
      const spent = await course.subject.spend(course.times);
      if (round >= 0) course.series.push(spent / course.times);
      // Warm code does more in a slice; what was disturbed meanwhile does less, and says nothing.
      else course.times = Math.max(course.times, timesIn(rounds.slice, spent / course.times));
    }
  }
  return courses.map(({ subject, series }) => [subject.name, series] as const);
}

/** What one subject has done so far. */
interface Course {
  readonly subject: Measured;
  /** Operations in each round; more and more until it is warm. */
  times: number;
  readonly series: number[];
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

/** How often a subject must run to keep the CPU busy for `slice` milliseconds, as far as that is known before the warm-up. */
async function timesFor(subject: Measured, { slice }: Rounds): Promise<number> {
  for (let times = 16; ; times *= 2) {
    const spent = await subject.spend(times);
    if (spent >= slice * 500) return timesIn(slice, spent / times);
  }
}

/** How many operations of `cost` microseconds take `slice` milliseconds. */
function timesIn(slice: number, cost: number): number {
  return Math.max(1, Math.round((slice * 1000) / cost));
}

/** Begins with another one each time: who comes first is not always the same. */
export function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
