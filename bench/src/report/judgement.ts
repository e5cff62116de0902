import type { Ratio } from '../measure/ratio.js';

/** `undecided` where the ratio is nearer to its limit than its margin. */
export type Verdict = 'reached' | 'not reached' | 'undecided';

/** How a ratio stands to its limit. */
export interface Judgement {
  readonly ratio: number;
  /** How much of the ratio may be noise; `undefined` where that is not known and does not count. */
  readonly margin: number | undefined;
  readonly verdict: Verdict;
}

/** What the margin is taken for where it is not known: processes of the same application differ by up to that much. */
const UNKNOWN = 0.1;

/**
 * Judges a ratio by its own margin or by the noise of its table, whichever is more.
 *
 * @param noise how far the same is from itself, as a ratio above 1
 */
export function judge({ value, margin }: Ratio, limit: number, noise: number): Judgement {
  const counted = Math.max(margin ?? UNKNOWN * value, (noise - 1) * value);
  return { ratio: value, margin: counted, verdict: verdictOf(value, limit, counted) };
}

/**
 * Judges how far the same is from itself. The margin is shown and does not count: the question is what came out, by which
 * the other goals are judged.
 */
export function judgeNoise({ value, margin }: Ratio, limit: number): Judgement {
  const ratio = noiseOf(value);
  return { ratio, margin, verdict: verdictOf(ratio, limit, 0) };
}

/** Noise goes both ways. */
export function noiseOf(ratio: number): number {
  return Math.max(ratio, 1 / ratio);
}

/** Whether a goal is met, as far as that can be said. */
export function verdictOf(ratio: number, limit: number, margin: number): Verdict {
  if (ratio + margin <= limit) return 'reached';
  return ratio - margin > limit ? 'not reached' : 'undecided';
}
