/** The least: what an operation costs when nothing disturbs it. */
export function minimum(samples: readonly number[]): number {
  return Math.min(...samples);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** From the median absolute deviation to the standard deviation, and from that to the error of a median, if normal. */
const [DEVIATION, OF_MEDIAN] = [1.4826, Math.sqrt(Math.PI / 2)] as const;

/**
 * How far the median of so many values is from that of infinitely many, as one standard error. Estimated by their median
 * absolute deviation, so that few values that lie far out do not count, as they do not count for the median.
 */
export function errorOfMedian(values: readonly number[]): number {
  const middle = median(values);
  const deviations = values.map((value) => Math.abs(value - middle));
  return (OF_MEDIAN * DEVIATION * median(deviations)) / Math.sqrt(values.length);
}
