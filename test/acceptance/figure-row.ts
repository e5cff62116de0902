import type { TableRow } from '../support/table-row.js';

/** A ratio that bench/ has measured. */
export interface Figure {
  readonly value: number;
  /** By how much it may be off: two standard errors; infinite where too little was measured. */
  readonly margin: number;
}

/** A row of a ratio that is to be at most `limit`: undecided where the margin is not smaller than the distance to it. */
export function figureRow(name: string, { value, margin }: Figure, limit: number): TableRow {
  const isDecided = margin < Math.abs(limit - value) || (margin === 0 && value === limit);
  const verdict = isDecided ? (value <= limit ? 'reached' : 'missed') : 'undecided';
  const figure = `${value.toFixed(2)} ± ${Number.isFinite(margin) ? margin.toFixed(2) : '?'}`;
  return { name, figure, limit: `at most ${limit.toFixed(2)}`, verdict };
}
