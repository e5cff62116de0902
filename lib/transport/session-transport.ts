import type { OpenedToken, Rejected, SessionClaims } from '../codec/session-codec.js';
import type { VaryingAttributes } from '../cookie/cookie-writers.js';
import type { CookieLimits, SerializedCookie } from '../cookie/session-cookie.js';
import type { SessionRecord } from '../data/session-data.js';

/** A session read from a valid cookie. */
export type TransportedSession = OpenedToken & {
  readonly data: SessionRecord;
  /** Whether other requests with the same cookie may have the same data object, which is parsed JSON then. */
  readonly isShared: boolean;
};

/** What the Set-Cookie lines depend on besides the session. */
export interface CookieContext {
  /** Max-Age in seconds; `undefined` for a cookie that ends with the browser. */
  readonly maxAge: number | undefined;
  /** Whether the cookie gets the attribute Secure. */
  readonly secure: boolean;
  /** Attributes of this request, where they are not constant. */
  readonly varying?: VaryingAttributes | undefined;
  /** The Cookie header of the request. */
  readonly header: string | undefined;
  /** Current time: a NumericDate in whole seconds. */
  readonly now: number;
}

/** How a session travels: read from the Cookie header, serialized to Set-Cookie lines. */
export interface SessionTransport {
  /** Name of the format, such as `signed`. */
  readonly format: string;
  /** Whether its tokens are ours: they carry a session's own lifetime, and say whether a store has the data. */
  readonly isOurs: boolean;
  /** All names that its cookies may have, that of the first cookie first. */
  readonly names: readonly [string, ...string[]];
  /** Size limits of a session. */
  readonly limits: CookieLimits;
  /**
   * The sessions in a Cookie header, most likely first; further ones are verified only when they are iterated.
   *
   * @param now a NumericDate in whole seconds
   */
  read(header: string | undefined, now: number): Iterable<TransportedSession | Rejected>;
  /**
   * Writes a session as Set-Cookie lines.
   *
   * @param text the data, serialized in the module's data format
   */
  serialize(claims: SessionClaims, text: string, context: CookieContext): SerializedCookie;
  /** Names of this transport's cookies in a Cookie header, valid or not. */
  namesIn(header: string | undefined): readonly string[];
  /** Set-Cookie lines that delete the cookies called `names`, in every scope that they may have. */
  delete(names: readonly string[], secure: boolean, varying?: VaryingAttributes): readonly string[];
}
