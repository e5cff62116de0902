import { SessionError } from '../session.errors.js';

import type { SessionRecord } from './session-data.js';

/** How deep objects and arrays may be nested in a session. `JSON.stringify` overflows the stack at some thousand. */
export const MAX_DEPTH = 100;

/** How deep objects and arrays are nested, the outermost included; counts no further than one above `MAX_DEPTH`. */
export function depthOf(value: unknown, depth = 1): number {
  if (typeof value !== 'object' || value === null) return depth - 1;
  if (depth > MAX_DEPTH) return depth;
  let deepest = depth;
  for (const part of Object.values(value)) deepest = Math.max(deepest, depthOf(part, depth + 1));
  return deepest;
}

/**
 * Whether `data` is what nearly all sessions are: strings, numbers, booleans, null, and arrays and plain objects of these,
 * which JSON carries as they are. `false` says nothing yet; to name what is wrong takes a slower look.
 */
export function isPlainJson(data: object): boolean {
  try {
    return isPlain(data, 1);
  } catch {
    // A getter that throws.
    return false;
  }
}

function isPlain(value: object, depth: number): boolean {
  if (depth > MAX_DEPTH || 'toJSON' in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) return (value as unknown[]).every((part) => isPlainPart(part, depth));
  if (prototype !== Object.prototype) return false;
  // What Object.prototype was polluted with is looked at too, which can only send it to the slower look.
  for (const key in value) {
    if (key === '__proto__' || !isPlainPart((value as Record<string, unknown>)[key], depth)) return false;
  }
  return true;
}

function isPlainPart(part: unknown, depth: number): boolean {
  switch (typeof part) {
    case 'string':
    case 'number':
    case 'boolean':
      return true;
    case 'object':
      return part === null || isPlain(part, depth + 1);
    default:
      return false;
  }
}

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
