import { SessionError } from '../session.errors.js';
import { MAX_DEPTH } from '../codec/depth.js';
import type { SessionRecord } from '../codec/session-codec.js';

/** Where the look through the data is: the keys on the way, and the objects that they lead through. */
interface Walk {
  readonly path: (string | number)[];
  readonly ancestors: object[];
}

/**
 * Looks for what JSON cannot carry: `JSON.stringify` drops functions and symbols without a word.
 *
 * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE`, naming the key path but never the value
 */
export function assertSerializable(data: SessionRecord): void {
  assertParts(data, { path: [], ancestors: [] });
}

/**
 * @param path the key path to what cannot be written, where it is known
 * @param why completes the sentence, such as `cannot be written as JSON, it is a BigInt`
 */
export function notSerializable(path: string | undefined, why: string): SessionError {
  return new SessionError(
    'ERR_SESSION_NOT_SERIALIZABLE',
    `Cannot save the session: ${path === undefined ? 'it' : `"${path}"`} ${why}. ` +
      'Store plain data: strings, finite numbers, booleans, null, arrays and objects of these.',
  );
}

function assertValue(value: unknown, walk: Walk): void {
  // A Date, say: JSON.stringify takes what toJSON() returns, and does not ask that for its toJSON() again.
  const hasToJson =
    typeof value === 'object' &&
    value !== null &&
    'toJSON' in value &&
    typeof partOf(value, 'toJSON', walk) === 'function';
  assertJson(hasToJson ? jsonOf(value, walk) : value, walk);
}

function assertJson(value: unknown, walk: Walk): void {
  if (typeof value === 'bigint') throw notJson(walk, 'it is a BigInt');
  if (typeof value === 'function' || typeof value === 'symbol') throw notJson(walk, `it is a ${typeof value}`);
  if (typeof value !== 'object' || value === null) return;
  if (walk.ancestors.includes(value)) throw notJson(walk, 'it contains itself');
  assertParts(value, walk);
}

function jsonOf(value: object, walk: Walk): unknown {
  try {
    return (value as { toJSON(key: string): unknown }).toJSON(String(walk.path.at(-1)));
  } catch {
    throw notJson(walk, 'its toJSON() fails');
  }
}

function assertParts(value: object, walk: Walk): void {
  if (walk.ancestors.length >= MAX_DEPTH) {
    throw notJson(walk, `it is nested deeper than ${MAX_DEPTH} levels`);
  }
  walk.ancestors.push(value);
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    walk.path.push(key);
    if (key === '__proto__') throw notJson(walk, 'that key would replace the prototype');
    assertValue(partOf(value, key, walk), walk);
    walk.path.pop();
  }
  walk.ancestors.pop();
}

function notJson(walk: Walk, why: string): SessionError {
  return notSerializable(pathOf(walk), `cannot be written as JSON, ${why}`);
}

function partOf(holder: object, key: string | number, walk: Walk): unknown {
  try {
    return (holder as Record<string | number, unknown>)[key];
  } catch {
    throw notJson(walk, 'its getter throws');
  }
}

function pathOf({ path: [first, ...rest] }: Walk): string {
  return rest.reduce<string>((path, key) => path + (typeof key === 'number' ? `[${key}]` : `.${key}`), String(first));
}
