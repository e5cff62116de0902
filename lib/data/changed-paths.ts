import type { DataFormat } from './data-format.js';
import { isSameValue } from './same-value.js';
import { pathText } from './serializable.js';
import { isPlainObject, type SessionRecord } from './session-data.js';

type Holder = Readonly<Record<string, unknown>>;

/** Where two versions of the data differ, as paths such as `cart.items[2]`; at most `limit` of them. */
export function changedPaths(format: DataFormat, before: SessionRecord, after: SessionRecord, limit: number): string[] {
  const found: string[] = [];
  const compare = (a: Holder, b: Holder, path: readonly (string | number)[]): void => {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      if (found.length >= limit) return;
      const [first, second] = [valueOf(a, key), valueOf(b, key)];
      if (isSame(format, first, second)) continue;
      const below = [...path, Array.isArray(a) ? Number(key) : key];
      if (isHolder(first) && isHolder(second) && Array.isArray(first) === Array.isArray(second)) {
        compare(first, second, below);
      } else {
        found.push(pathText(below));
      }
    }
  };
  compare(before, after, []);
  return found;
}

/** A value that cannot be written is like no other one. */
function isSame(format: DataFormat, a: unknown, b: unknown): boolean {
  try {
    return isSameValue(format, a, b);
  } catch {
    return false;
  }
}

function isHolder(value: unknown): value is Holder {
  return Array.isArray(value) || isPlainObject(value);
}

function valueOf(holder: Holder, key: string): unknown {
  try {
    return Object.hasOwn(holder, key) ? holder[key] : undefined;
  } catch {
    // A getter that fails: a function cannot be written.
    return valueOf;
  }
}
