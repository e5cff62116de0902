/**
 * What the sessions of an application hold, for all types without a type argument: empty until the application augments it.
 * From then on, an unknown key does not compile.
 *
 * @example
 * declare module 'nestjs-sessions' {
 *   interface SessionData {
 *     user?: { name: string };
 *   }
 * }
 */
// oxlint-disable-next-line typescript/no-empty-interface, typescript/no-empty-object-type -- an application fills it
export interface SessionData {}

/** What `Session` holds without a type argument: `SessionData` if that is augmented, else anything, so that a first program compiles. */
// oxlint-disable-next-line typescript/no-explicit-any -- so that the first program compiles without a type
export type DefaultSessionData = keyof SessionData extends never ? Record<string, any> : SessionData;

/** What `SessionManager.open()` gives without a type argument: `SessionData` if that is augmented, else unknown values. */
export type OpenedSessionData = keyof SessionData extends never ? SessionRecord : SessionData;

/** A key of `T` as it stands in JSON. */
export type SessionKey<T> = keyof T & string;

/** The flash values of `T`: those of its key `$flash`, or any where it has no such key. */
export type FlashValues<T> = string extends keyof T
  ? SessionRecord
  : T extends { readonly $flash?: infer F }
    ? NonNullable<F>
    : SessionRecord;

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
