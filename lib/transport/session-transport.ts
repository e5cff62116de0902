import type { OpenedToken, Rejected, SessionClaims } from '../codec/session-codec.js';
import type { CookieLimits, SerializedCookie } from '../cookie/session-cookie.js';
import type { SessionRecord } from '../data/session-data.js';

/** A session that came in a valid cookie. */
export type CarriedSession = OpenedToken & { readonly data: SessionRecord };

/** What the Set-Cookie lines depend on beside the session itself. */
export interface Departure {
  /** In seconds; `undefined` for a cookie that ends with the browser. */
  readonly maxAge: number | undefined;
  readonly secure: boolean;
  /** The Cookie header that came. */
  readonly header: string | undefined;
  /** A NumericDate in whole seconds. */
  readonly now: number;
}

/** How a session travels: out of a Cookie header, and into Set-Cookie lines. */
export interface SessionCarrier {
  /** What the format is called, such as `signed`. */
  readonly format: string;
  readonly limits: CookieLimits;
  /** What a Cookie header may hold, most likely first; opened one by one, as they are asked for. */
  open(header: string | undefined, now: number): Iterable<CarriedSession | Rejected>;
  /** @param text the data as the module's data format wrote it */
  write(claims: SessionClaims, text: string, departure: Departure): SerializedCookie;
  /** Which of this carrier's cookies a Cookie header has, valid or not. */
  namesIn(header: string | undefined): readonly string[];
  /** A line for each of `names` that makes the browser forget that cookie. */
  delete(names: readonly string[], secure: boolean): readonly string[];
}
