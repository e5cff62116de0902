import type { DataFormat } from './data-format.js';

/**
 * Whether two values are written as the same data.
 * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`
 */
export function isSameValue(format: DataFormat, a: unknown, b: unknown): boolean {
  return format.isSame(format.write({ value: a }), format.write({ value: b }));
}
