import { isDeepStrictEqual } from 'node:util';
import { SessionError } from '../session.errors.js';
import type { SessionRecord } from './session-codec.js';

/** How deep objects and arrays may be nested in a session. */
export const MAX_DEPTH = 100;

/**
 * Writes the data as JSON.
 *
 * `JSON.stringify` drops functions and symbols without a word, so the data is looked through first.
 *
 * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE`, naming the key path but never the value
 */
export function serializeData(data: SessionRecord): string {
  for (const key of Object.keys(data)) assertSerializable(data, key, key, [data]);
  try {
    return JSON.stringify(data);
  } catch {
    // Only a toJSON() gets here: one that throws, or returns what JSON cannot carry.
    throw notSerializable(Object.keys(data).find((key) => !hasJson(data[key])) ?? '', 'its toJSON() fails');
  }
}

/** Whether two texts by `serializeData` say the same: the order of keys does not count. */
export function isSameData(a: string, b: string): boolean {
  // Texts of different lengths cannot be two orders of the same keys.
  return a === b || (a.length === b.length && isDeepStrictEqual(JSON.parse(a), JSON.parse(b)));
}

/** Names the three largest keys of a text by `serializeData`, with their sizes in bytes, largest first. */
export function largestKeys(text: string): string {
  const sizes = Object.entries(JSON.parse(text) as SessionRecord)
    .map(([key, value]) => ({ key, size: Buffer.byteLength(JSON.stringify(value)) }))
    .toSorted((a, b) => b.size - a.size);
  return sizes
    .slice(0, 3)
    .map(({ key, size }) => `"${key}" (${size} bytes)`)
    .join(', ');
}

function assertSerializable(holder: object, key: string | number, path: string, ancestors: object[]): void {
  const value = valueOf(holder, key, path);
  if (typeof value !== 'object') {
    if (typeof value === 'bigint') throw notSerializable(path, 'it is a BigInt');
    if (typeof value === 'function' || typeof value === 'symbol')
      throw notSerializable(path, `it is a ${typeof value}`);
    return;
  }
  if (value === null || 'toJSON' in value) return;
  if (ancestors.includes(value)) throw notSerializable(path, 'it contains itself');
  if (ancestors.length >= MAX_DEPTH) throw notSerializable(path, `it is nested deeper than ${MAX_DEPTH} levels`);
  ancestors.push(value);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      assertSerializable(value, index, `${path}[${index}]`, ancestors);
    }
  } else {
    for (const name of Object.keys(value)) {
      if (name === '__proto__') throw notSerializable(path, 'it has a key named __proto__');
      assertSerializable(value, name, `${path}.${name}`, ancestors);
    }
  }
  ancestors.pop();
}

function valueOf(holder: object, key: string | number, path: string): unknown {
  try {
    return (holder as Record<string | number, unknown>)[key];
  } catch {
    throw notSerializable(path, 'its getter throws');
  }
}

function hasJson(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

function notSerializable(path: string, why: string): SessionError {
  return new SessionError(
    'ERR_SESSION_NOT_SERIALIZABLE',
    `Cannot save the session: "${path}" cannot be written as JSON, ${why}. ` +
      'Store plain data: strings, finite numbers, booleans, null, arrays and objects of these.',
  );
}
