import { MAX_DEPTH } from './serializable.js';
import type { SessionRecord } from './session-data.js';

/**
 * Whether parsed JSON can be a session: nested at most 100 levels deep, and without a `__proto__` key, which `JSON.parse` lets
 * through and which becomes the prototype of a careless copy.
 */
export function isSafeJson(value: unknown, depth = 1): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth > MAX_DEPTH || Object.hasOwn(value, '__proto__')) return false;
  return Object.values(value).every((part) => isSafeJson(part, depth + 1));
}

/** A deep copy of parsed JSON. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson) as T;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = copyJson((value as Record<string, unknown>)[key]);
  return copy as T;
}

/** The size of each key with its value, in bytes of JSON. An object that occurs several times is measured once. */
export function jsonSizes(data: SessionRecord): [key: string, bytes: number][] {
  const known = new Map<object, number>();
  const sizeOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null || 'toJSON' in value) return byteLength(value);
    const before = known.get(value);
    if (before !== undefined) return before;
    const isList = Array.isArray(value);
    const parts = isList
      ? value.map((part) => (isDropped(part) ? 'null'.length : sizeOf(part)))
      : Object.entries(value).flatMap(([key, part]) => (isDropped(part) ? [] : [byteLength(key) + 1 + sizeOf(part)]));
    const size = 2 + parts.reduce((sum, part) => sum + part, 0) + Math.max(parts.length - 1, 0);
    known.set(value, size);
    return size;
  };
  return Object.entries(data).map(([key, value]) => [key, sizeOf({ [key]: value })]);
}

function isDropped(value: unknown): boolean {
  return value === undefined || typeof value === 'function' || typeof value === 'symbol';
}

function byteLength(value: unknown): number {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? 0 : Buffer.byteLength(text);
}
