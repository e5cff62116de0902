import { SessionError } from '../session.errors.js';
import type { Rejected } from '../codec/session-codec.js';
import { quote } from '../data/quote.js';
import type { SessionRecord } from '../data/session-data.js';

/** What a format needs besides the cookie's value. */
export interface ForeignContext {
  /** Name of the cookie. */
  readonly cookieName: string;
  /** Current time: a NumericDate in whole seconds (RFC 7519 §2). */
  readonly now: number;
}

/** A session read from a foreign cookie. */
export interface ForeignSession {
  readonly ok: true;
  /** What the session holds, as plain JSON. */
  readonly data: SessionRecord;
  /** Time of issue, if the cookie has one: a NumericDate in seconds. */
  readonly issuedAt?: number | undefined;
  /** First second in which the session is invalid, if the cookie has one: a NumericDate. */
  readonly expiresAt?: number | undefined;
}

/**
 * The cookie format of another package or language. In the option `accept`, its cookies are read once and re-issued in
 * our format; as the option `codec`, it is read and written.
 */
export interface ForeignFormat {
  /** Name of the format, such as `starlette`: passed to `onAccept`. */
  readonly format: string;
  /** Name of the cookie. @default the module's `cookieName` */
  readonly cookieName?: string | undefined;
  /** Suffixes of the names of further cookies that belong to this one, such as `.sig`. @default none */
  readonly companions?: readonly string[];

  /**
   * Whether cookies of this format say neither when they were issued nor when they end. Such a format needs `acceptUntil`.
   * @default false; a cookie without either time is rejected then
   */
  readonly isTimeless?: boolean;
  /** The first second in which no cookie of this format is accepted: a NumericDate. @default none */
  readonly acceptUntil?: number | undefined;
  /** Maximum age in seconds of the cookies that the other side accepts. @default none */
  readonly maxAge?: number | undefined;

  /**
   * Whether `open` depends on nothing but the values, but for the times that it returns: then an accepted cookie is
   * remembered and not verified again. @default false
   */
  readonly pure?: boolean;

  /**
   * Opens cookies that may come from anybody: a bad one is a result, never an exception.
   *
   * @param values the value of the cookie, then those of its companions (`undefined` for a missing one), at most 4096
   * characters each
   */
  open(values: readonly [string, ...(string | undefined)[]], context: ForeignContext): ForeignSession | Rejected;

  /**
   * Returns the values of the cookie and its companions. A format without this method is read-only.
   *
   * @param text the data as JSON
   * @param context its `maxAge` is the lifetime in seconds
   * @throws SessionError `ERR_SESSION_KEY_FORBIDDEN` or `ERR_SESSION_NOT_SERIALIZABLE` for data that the other side
   * cannot read
   */
  write?(text: string, context: ForeignContext & { readonly maxAge: number }): readonly [string, ...string[]];
}

/**
 * The error for a key with which the other side cannot read the session.
 *
 * @param why completes the sentence: *Cannot write the session for …: its key "…" cannot be used, because …*
 */
export function forbiddenKey(format: string, key: string, why: string): SessionError {
  return new SessionError(
    'ERR_SESSION_KEY_FORBIDDEN',
    `Cannot write the session for ${format}: its key ${quote(key)} cannot be used, because ${why}. Use another key.`,
  );
}
