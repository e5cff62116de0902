/**
 * What a session holds. Permissive by default; describe yours by a type argument (`Session<Visitor>`), or augment this
 * interface for all sessions of an application.
 */
export interface SessionData {
  // oxlint-disable-next-line typescript/no-explicit-any -- so that the first program compiles without a type
  [key: string]: any;
}

/** A key of `T` as it stands in JSON. */
export type SessionKey<T> = keyof T & string;

/** The session's data: a JSON object, what the handler reads and writes. */
export type SessionRecord = Record<string, unknown>;

/**
 * A JSON object without an own `__proto__` key, which `JSON.parse` lets through and which turns into the
 * prototype of a copy that `Object.assign` makes.
 */
export function isRecord(value: unknown): value is SessionRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, '__proto__');
}

/** An object literal, of whatever realm, or an object without a prototype; neither a class instance nor an array. */
export function isPlainObject(value: unknown): value is SessionRecord {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
