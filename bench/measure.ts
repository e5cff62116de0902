// The arithmetic: from CPU times to ratios, margins and verdicts.

/** What an operation costs in microseconds: by row, in each start; `null` where the row sat it out. */
export type Costs = Readonly<Record<string, readonly (number | null)[]>>;

/** A figure and by how much it may be off. */
export interface Figure {
  readonly value: number;
  readonly margin: number;
}

/** What a row costs beyond another one. */
type Surcharge = readonly [name: string, reference: string];

/** `undecided` where the margin is not smaller than the distance to the limit. */
export type Verdict = 'reached' | 'missed' | 'undecided';

/**
 * Standard errors in a margin. A goal is looked at after each start and measured only until it is decided, so luck has several
 * tries: five leave one wrong verdict in twenty at 2.4 (Pocock 1977), and at 2.6 where the error is an estimate.
 */
const STANDARD_ERRORS = 2.6;

/** The spread of one row is mostly luck in few starts: that of all rows counts as much as so many of its own starts. */
const STARTS_OF_ALL = 6;

/** The middle of the values, or the mean of both where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [upper = Number.NaN, lower = Number.NaN] = [sorted[sorted.length >> 1], sorted[(sorted.length - 1) >> 1]];
  return (upper + lower) / 2;
}

/**
 * The median of the means of all pairs (Hodges and Lehmann 1963): a few values far out do not count, as in a median, and it
 * varies hardly more than the mean.
 */
export function middle(values: readonly number[]): number {
  return median(values.flatMap((one, index) => values.slice(index).map((other) => (one + other) / 2)));
}

/** The standard deviation around the median, estimated so that a few values far out do not count. */
export function spread(values: readonly number[]): number {
  const center = median(values);
  const deviation = median(values.map((value) => Math.abs(value - center)));
  // If normal; and of few values, the median absolute deviation falls short (Croux and Rousseeuw 1992).
  return (1.4826 * deviation * values.length) / (values.length - 0.8);
}

/** What a row costs: the middle of its starts. */
export function costOf(costs: Costs, name: string): number {
  return middle(together(costs, [name]).flat());
}

/** How much the cost of a row varies between starts, as a part of it. All rows together tell, even of two starts. */
export function noiseOf(costs: Costs): number {
  const rows = Object.values(costs);
  const starts = [...(rows[0] ?? []).keys()];
  const deviations = starts.slice(1).flatMap((start) => {
    const changes = rows.map((row) => Math.log((row[start] ?? Number.NaN) / (row[start - 1] ?? Number.NaN)));
    const known = changes.filter(Number.isFinite);
    // What slows down a whole start meets all rows.
    const common = median(known);
    return known.map((change) => change - common);
  });
  // A difference of two varies more than one of them.
  return deviations.length === 0 ? Number.POSITIVE_INFINITY : spread(deviations) / Math.SQRT2;
}

/**
 * How a row compares with another: the middle of the ratios within each start, so that what slows down a whole one cancels out.
 * @throws Error where they were never started together
 */
export function ratioOf(costs: Costs, name: string, other: string): Figure {
  const ratios = together(costs, [name, other]).map(([one = 0, two = 0]) => one / two);
  return figureOf(ratios, noiseOf(costs) * Math.SQRT2 * middle(ratios));
}

/** By how much a row costs more than another one, in microseconds. */
export function differenceOf(costs: Costs, [name, reference]: Surcharge): Figure {
  const differences = together(costs, [name, reference]).map(([one = 0, two = 0]) => one - two);
  return figureOf(differences, noiseOf(costs) * Math.hypot(costOf(costs, name), costOf(costs, reference)));
}

/**
 * How a surcharge compares with another one, each within a start. The margin is infinite where the other may be nothing.
 * @throws Error where they were never started together
 */
export function surchargeRatioOf(costs: Costs, one: Surcharge, other: Surcharge): Figure {
  const starts = together(costs, [...one, ...other]);
  // As parts of what the other's reference costs: a slow start counts no more than another one.
  const ours = starts.map(([cost = 0, reference = 0, , unit = 0]) => (cost - reference) / unit);
  const theirs = starts.map(([, , cost = 0, unit = 0]) => cost / unit - 1);
  const noise = noiseOf(costs);
  const mine = middle(ours);
  const its = figureOf(theirs, noise * Math.hypot(1 + middle(theirs), 1));
  const value = mine / its.value;
  if (its.value <= its.margin) return { value, margin: Number.POSITIVE_INFINITY };
  const residuals = ours.map((own, start) => own - value * (theirs[start] ?? 0));
  const { margin } = figureOf(residuals, noise * Math.hypot(1 + mine, value * (1 + its.value), 1 - value));
  return { value, margin: margin / its.value };
}

/** Judges a figure that is to be at most `limit`. */
export function verdictOf({ value, margin }: Figure, limit: number): Verdict {
  if (margin !== 0 && !(margin < Math.abs(limit - value))) return 'undecided';
  return value <= limit ? 'reached' : 'missed';
}

/** The middle of these values, one of each start, where those of all rows vary by `pooled`. */
function figureOf(values: readonly number[], pooled: number): Figure {
  const own = values.length - 1;
  const variance = (own * spread(values) ** 2 + STARTS_OF_ALL * pooled ** 2) / (own + STARTS_OF_ALL);
  // If normal, the middle varies as the mean of a little fewer does.
  const error = Math.sqrt(((Math.PI / 3) * variance) / values.length);
  return { value: middle(values), margin: STANDARD_ERRORS * error };
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
export async function byTurns<T>(all: readonly T[], turns: number, run: (one: T) => Promise<void>): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    for (const one of turn % 2 === 0 ? all : all.toReversed()) await run(one);
  }
}
