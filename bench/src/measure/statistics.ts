/** The least: what an operation costs when nothing disturbs it. */
export function minimum(samples: readonly number[]): number {
  return Math.min(...samples);
}

/** The middle of the values, or the mean of both where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** From the median absolute deviation to the standard deviation, and from that to the error of a median, if normal. */
const [DEVIATION, OF_MEDIAN] = [1.4826, Math.sqrt(Math.PI / 2)] as const;

/** By how much the deviation of 2 to 9 values falls short of that (Croux and Rousseeuw 1992). */
const OF_FEW = [1.196, 1.495, 1.363, 1.206, 1.2, 1.14, 1.129, 1.107] as const;

/** The same for any number of values. */
function correctionOf(count: number): number {
  return OF_FEW[count - 2] ?? count / (count - 0.8);
}

/**
 * How far the median of so many values is from that of infinitely many, as one standard error. Estimated by their median
 * absolute deviation, so that few values that lie far out do not count, as they do not count for the median.
 */
export function errorOfMedian(values: readonly number[]): number {
  const middle = median(values);
  const deviations = values.map((value) => Math.abs(value - middle));
  const deviation = DEVIATION * correctionOf(values.length) * median(deviations);
  return (OF_MEDIAN * deviation) / Math.sqrt(values.length);
}
