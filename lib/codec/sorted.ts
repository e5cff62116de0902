import { isRecord } from './claims.js';
import { MAX_DEPTH } from './depth.js';

/**
 * A copy with the keys of all plain objects sorted, so that two orders of the same keys look the same. Whatever is
 * neither a plain object nor an array keeps its order: in a Map it counts. So does what is nested too deep to be looked
 * at, or contains itself.
 */
export function sorted(value: unknown, depth = 1): unknown {
  if (depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((part) => sorted(part, depth + 1));
  if (!isPlain(value)) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key], depth + 1)]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
