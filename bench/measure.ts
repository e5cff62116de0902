// The arithmetic: from CPU times to ratios, margins and verdicts.

/** What an operation costs in microseconds: by row, in each start; `null` where the row sat it out. */
export type Costs = Readonly<Record<string, readonly (number | null)[]>>;

/** A figure and by how much it may be off: two standard errors. */
export interface Figure {
  readonly value: number;
  readonly margin: number;
}

/** What a row costs beyond another one. */
export interface Surcharge {
  readonly name: string;
  readonly reference: string;
}

/** `undecided` where the margin is not smaller than the distance to the limit. */
export type Verdict = 'reached' | 'missed' | 'undecided';

/** Of fewer starts, the spread of one row is mostly luck: that of all rows together counts alone. */
const FEWEST_STARTS = 5;

/** The middle of the values, or the mean of both where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [upper = Number.NaN, lower = Number.NaN] = [sorted[sorted.length >> 1], sorted[(sorted.length - 1) >> 1]];
  return (upper + lower) / 2;
}

/** The standard deviation around the median, estimated so that a few values far out do not count. */
export function spread(values: readonly number[]): number {
  const middle = median(values);
  const deviation = median(values.map((value) => Math.abs(value - middle)));
  // If normal; and of few values, the median absolute deviation falls short (Croux and Rousseeuw 1992).
  return (1.4826 * deviation * values.length) / (values.length - 0.8);
}

/** What a row costs: the median of its starts. */
export function costOf(costs: Costs, name: string): number {
  return median(together(costs, [name]).flat());
}

/**
 * How much the cost of a row varies between starts, as a part of it: a process is some percent faster or slower than its
 * twins for as long as it lives. All rows together tell, even of two starts, as that is much the same for all of them.
 */
export function noiseOf(costs: Costs): number {
  const rows = Object.values(costs);
  const starts = [...(rows[0] ?? []).keys()];
  const pairs = starts.flatMap((one) => starts.slice(one + 1).map((other) => [one, other] as const));
  const deviations = pairs.flatMap(([one, other]) => {
    const changes = rows.map((row) => Math.log((row[one] ?? Number.NaN) / (row[other] ?? Number.NaN)));
    const known = changes.filter(Number.isFinite);
    // What slows down a whole start meets all rows.
    const common = median(known);
    return known.map((change) => change - common);
  });
  // A difference of two varies more than one of them.
  return deviations.length === 0 ? Number.POSITIVE_INFINITY : spread(deviations) / Math.SQRT2;
}

/**
 * How a row compares with another: the median of the ratios within each start, so that what slows down a whole start
 * cancels out.
 *
 * @throws Error where they were never started together
 */
export function ratioOf(costs: Costs, name: string, other: string): Figure {
  const ratios = together(costs, [name, other]).map(([one = 0, two = 0]) => Math.log(one / two));
  const value = Math.exp(median(ratios));
  return { value, margin: value * marginOf(ratios, noiseOf(costs) * Math.SQRT2) };
}

/** By how much a row costs more than another one, in microseconds. */
export function differenceOf(costs: Costs, { name, reference }: Surcharge): Figure {
  const differences = together(costs, [name, reference]).map(([one = 0, two = 0]) => one - two);
  const noise = noiseOf(costs) * Math.hypot(costOf(costs, name), costOf(costs, reference));
  return { value: median(differences), margin: marginOf(differences, noise) };
}

/**
 * How a surcharge compares with another one, each taken within one start. The margin is infinite where the other surcharge
 * cannot be told from nothing.
 *
 * @throws Error where they were never started together
 */
export function surchargeRatioOf(costs: Costs, one: Surcharge, other: Surcharge): Figure {
  // As parts of what the other's reference costs: a slow start counts no more than another one.
  const starts = together(costs, [one.name, one.reference, other.name, other.reference]).map(
    ([a = 0, aReference = 0, b = 0, bReference = 0]) => [(a - aReference) / bReference, (b - bReference) / bReference],
  );
  const [ours, theirs] = [0, 1].map((index) => starts.map((start) => start[index] ?? 0));
  const [mine, its] = [median(ours ?? []), median(theirs ?? [])];
  const value = mine / its;
  const noise = noiseOf(costs);
  if (its <= marginOf(theirs ?? [], noise * Math.hypot(1 + its, 1))) return { value, margin: Number.POSITIVE_INFINITY };
  const residuals = starts.map(([a = 0, b = 0]) => a - value * b);
  const pooled = noise * Math.hypot(1 + mine, value * (1 + its), 1 - value);
  return { value, margin: marginOf(residuals, pooled) / its };
}

/** Judges a figure that is to be at most `limit`. */
export function verdictOf({ value, margin }: Figure, limit: number): Verdict {
  if (margin !== 0 && !(margin < Math.abs(limit - value))) return 'undecided';
  return value <= limit ? 'reached' : 'missed';
}

/** Two standard errors of the median of these values, whose spread is at least `pooled`. */
function marginOf(values: readonly number[], pooled: number): number {
  const sigma = Math.max(values.length < FEWEST_STARTS ? 0 : spread(values), pooled);
  return (2 * Math.sqrt(Math.PI / 2) * sigma) / Math.sqrt(values.length);
}

/** The costs of these rows in each start that all of them took part in. */
function together(costs: Costs, names: readonly string[]): number[][] {
  const rows = names.map((name) => costs[name] ?? []);
  const starts = [...(rows[0] ?? []).keys()].map((start) => rows.flatMap((row) => row[start] ?? []));
  const common = starts.filter((start) => start.length === names.length);
  if (common.length === 0) throw new Error(`Never measured together: ${[...new Set(names)].join('; ')}.`);
  return common;
}

/** Runs all by turns, forwards and then backwards: what slows the machine down more and more meets all of them alike. */
export async function byTurns<T>(
  subjects: readonly T[],
  turns: number,
  run: (subject: T) => Promise<void>,
): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    for (const subject of turn % 2 === 0 ? subjects : subjects.toReversed()) await run(subject);
  }
}
