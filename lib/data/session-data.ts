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

/** The name of the session of an application that has only one. */
export const DEFAULT_NAME = 'default';
