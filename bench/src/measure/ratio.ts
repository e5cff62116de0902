import type { Samples, Series } from './samples.js';
import { errorOfMedian, median, minimum } from './statistics.js';

/** What one subject costs as a multiple of another one, by the minimums of the rounds. */
export interface Ratio {
  readonly value: number;
  /** Two standard errors of the value; `undefined` where both were started together too seldom to tell. */
  readonly margin: number | undefined;
}

/** Of fewer starts than these the deviation is mostly luck. */
const FEWEST_STARTS = 5;

/**
 * Compares two subjects in each of the starts that both took part in, so that what slowed down a whole start cancels out.
 * The ratio is the median of those of the starts, by their logarithms: that of a to b is the inverse of that of b to a.
 * Medians, here and of processes, because what disturbs a process only ever slows it down, and then by far.
 *
 * @throws Error where they were never started together: nothing must be judged by nothing
 */
export function ratioOf(samples: Samples, name: string, other: string): Ratio {
  const others = samples.get(other) ?? [];
  const logarithms = (samples.get(name) ?? []).flatMap((processes, start) => {
    const theirs = others[start] ?? [];
    return processes.length === 0 || theirs.length === 0 ? [] : [Math.log(costOf(processes) / costOf(theirs))];
  });
  if (logarithms.length === 0) throw new Error(`"${name}" and "${other}" were never measured together.`);
  const value = Math.exp(median(logarithms));
  // A small difference of logarithms is a part of the value.
  return { value, margin: logarithms.length < FEWEST_STARTS ? undefined : 2 * errorOfMedian(logarithms) * value };
}

/** What an operation costs: the minimum of the rounds, and of several processes the median. */
export function costOf(processes: readonly Series[]): number {
  return median(processes.map(minimum));
}
