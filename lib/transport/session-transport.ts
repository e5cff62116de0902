import type { OpenedToken, Rejected, SessionClaims } from '../codec/session-codec.js';
import type { CookieLimits, SerializedCookie } from '../cookie/session-cookie.js';
import type { SessionRecord } from '../data/session-data.js';

/** A session that came in a valid cookie. */
export type TransportedSession = OpenedToken & { readonly data: SessionRecord };

/** What the Set-Cookie lines depend on beside the session itself. */
export interface CookieContext {
  /** In seconds; `undefined` for a cookie that ends with the browser. */
  readonly maxAge: number | undefined;
  readonly secure: boolean;
  /** The Cookie header of the request. */
  readonly header: string | undefined;
  /** A NumericDate in whole seconds. */
  readonly now: number;
}

/** How a session travels: out of the Cookie header, and into Set-Cookie lines. */
export interface SessionTransport {
  /** The name of the format, such as `signed`. */
  readonly format: string;
  readonly limits: CookieLimits;
  /** The sessions that a Cookie header may hold, most likely first; each is opened when it is asked for. */
  read(header: string | undefined, now: number): Iterable<TransportedSession | Rejected>;
  /** @param text the data as the module's data format wrote it */
  serialize(claims: SessionClaims, text: string, context: CookieContext): SerializedCookie;
  /** The cookies of this transport that a Cookie header has, valid or not. */
  namesIn(header: string | undefined): readonly string[];
  /** A line for each of `names` that makes the browser delete that cookie. */
  delete(names: readonly string[], secure: boolean): readonly string[];
}
