import { SessionError } from '../session.errors.js';
import type { Rejected } from '../codec/session-codec.js';
import type { SessionRecord } from '../data/session-data.js';

/** What a format may need to know of a cookie beside its value. */
export interface ForeignContext {
  readonly cookieName: string;
  /** A NumericDate in whole seconds. */
  readonly now: number;
}

/** A session out of a foreign cookie. */
export interface ForeignSession {
  readonly ok: true;
  readonly data: SessionRecord;
  /** When the cookie was made, where it says so; a NumericDate. */
  readonly issuedAt?: number | undefined;
  /** When it ends, where it says so; a NumericDate. */
  readonly expiresAt?: number | undefined;
}

/**
 * A cookie as another package or another language makes it: read once and issued anew in ours (`accept`), or read and
 * written as it is (`codec`).
 */
export interface ForeignFormat {
  /** What the format is called, such as `starlette`. */
  readonly format: string;
  /** The name of the cookie. @default the module's `cookieName` */
  readonly cookieName?: string | undefined;
  /** What the names of further cookies end in that belong to it, such as `.sig`. @default none */
  readonly companions?: readonly string[];

  /**
   * Whether `open` depends on nothing but the values, but for the times that it returns: then an accepted cookie is
   * remembered and not verified again. @default false
   */
  readonly pure?: boolean;

  /**
   * Opens cookies that may come from anybody: a bad one is a result, never an exception.
   *
   * @param values the value of the cookie and those of its companions, `undefined` where one is missing; at most 4096
   * characters each
   */
  open(values: readonly [string, ...(string | undefined)[]], context: ForeignContext): ForeignSession | Rejected;

  /**
   * Makes the values of the cookie and of its companions. Formats without it can be read only.
   *
   * @param text the data as JSON
   * @param maxAge the lifetime in seconds
   * @throws SessionError for data that the other side could not read
   */
  write?(text: string, context: ForeignContext & { readonly maxAge: number }): readonly [string, ...string[]];
}

/**
 * A key that would keep the other side from reading the session.
 *
 * @param why completes the sentence: *Cannot write the session for …: its key "…" will not do, …*
 */
export function forbiddenKey(format: string, key: string, why: string): SessionError {
  return new SessionError(
    'ERR_SESSION_KEY_FORBIDDEN',
    `Cannot write the session for ${format}: its key ${JSON.stringify(key)} will not do, ${why}. Use another key.`,
  );
}
