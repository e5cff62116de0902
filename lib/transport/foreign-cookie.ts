import { LAST_SECOND, newSessionId } from '../codec/claims.js';
import { rejected, type Rejected, type SessionClaims } from '../codec/session-codec.js';
import type { VerifiedTokens } from '../codec/verified-tokens.js';
import { readCookies } from '../cookie/cookie-header.js';
import { type CookieScope, CookieWriters, type VaryingAttributes } from '../cookie/cookie-writers.js';
import type { CookieLimits, SerializedCookie } from '../cookie/session-cookie.js';
import { type CookieAttributes, MAX_COOKIE_SIZE } from '../cookie/set-cookie.js';
import { isSafeJson } from '../data/json-data.js';
import { isRecord } from '../data/session-data.js';
import type { ForeignFormat, ForeignSession } from '../interop/foreign-format.js';
import type { CookieContext, SessionTransport, TransportedSession } from './session-transport.js';

/** Maximum number of combinations with companions to try when a client sends several cookies of one name. */
const MAX_COMBINATIONS = 16;

/** What the cookies of a session have in common, whatever their format. */
export interface ForeignCookieOptions {
  /** Name of the cookie where the format has none of its own. */
  readonly cookieName: string;
  readonly attributes: CookieAttributes;
  /** Scopes that the cookies have had. */
  readonly formerly?: readonly CookieScope[];
  /** Lifetime in seconds since a cookie was issued. */
  readonly maxAge: number;
  /** Size limits of a session. */
  readonly limits: CookieLimits;
}

/** Transports a session in the cookie of another package and its companions, such as `session` and `session.sig`. */
export class ForeignCookie implements SessionTransport {
  readonly format: string;
  readonly isOurs = false;
  readonly limits: CookieLimits;
  readonly names: readonly [string, ...string[]];
  readonly #foreign: ForeignFormat;
  readonly #writers: CookieWriters;
  readonly #maxAge: number;
  readonly #verified: VerifiedTokens<ForeignSession> | undefined;

  /** @param verified the memory of this format's cookies; used where the format is `pure` */
  constructor(
    foreign: ForeignFormat,
    { cookieName, attributes, formerly, maxAge, limits }: ForeignCookieOptions,
    verified: VerifiedTokens<ForeignSession> | undefined,
  ) {
    const name = foreign.cookieName ?? cookieName;
    this.format = foreign.format;
    this.limits = limits;
    this.#foreign = foreign;
    this.names = [name, ...(foreign.companions ?? []).map((suffix) => name + suffix)];
    this.#writers = new CookieWriters(this.names, attributes, formerly);
    this.#maxAge = maxAge;
    this.#verified = foreign.pure === true ? verified : undefined;
  }

  *read(header: string | undefined, now: number): Generator<TransportedSession | Rejected> {
    const [first, ...rest] = this.names.map((name) => readCookies(header, name));
    let remaining = MAX_COMBINATIONS;
    for (const value of first ?? []) {
      for (const companions of combinations(rest)) {
        if (remaining-- === 0) return;
        yield this.#open([value, ...companions], now);
      }
    }
  }

  serialize({ exp }: SessionClaims, text: string, context: CookieContext): SerializedCookie {
    const { maxAge, secure, now, varying } = context;
    const values = this.#foreign.write?.(text, { cookieName: this.names[0], now, maxAge: exp - now }) ?? [];
    const writers = this.#writers.with(varying);
    const lines = this.names.map((name, index) => writers.writer(name).serialize(values[index] ?? '', maxAge, secure));
    const size = Math.max(...lines.map((line) => line.length));
    return size > this.limits.size ? { ok: false, size } : { ok: true, lines };
  }

  namesIn(header: string | undefined): readonly string[] {
    return this.names.filter((name) => readCookies(header, name).length > 0);
  }

  delete(names: readonly string[], secure: boolean, varying?: VaryingAttributes): readonly string[] {
    return names.length === 0 ? [] : this.#writers.with(varying).delete(names, secure);
  }

  #open(values: readonly [string, ...(string | undefined)[]], now: number): TransportedSession | Rejected {
    if (values.some((value) => value !== undefined && value.length > MAX_COOKIE_SIZE)) return rejected('too-large');
    const { acceptUntil = Infinity } = this.#foreign;
    if (now >= acceptUntil) return rejected('expired');
    const token = values.join('\0');
    const opened = this.#verified?.get(token) ?? this.#verify(token, values, now);
    if (!opened.ok) return opened;
    const { data, issuedAt, expiresAt } = opened;
    // Nothing would ever end such a cookie.
    if (issuedAt === undefined && expiresAt === undefined && acceptUntil === Infinity) return rejected('expired');
    const exp = Math.min((issuedAt ?? now) + this.#maxAge, expiresAt ?? Infinity, acceptUntil);
    // Foreign formats have no session id: the session gets one for this request.
    const claims = { jti: newSessionId(), iat: issuedAt ?? now, exp, ttl: undefined };
    return { ok: true, claims, data, stale: false, isShared: this.#verified !== undefined };
  }

  #verify(token: string, values: readonly [string, ...(string | undefined)[]], now: number): ForeignSession | Rejected {
    const opened = openForeign(() => this.#foreign.open(values, { cookieName: this.names[0], now }));
    // What is kept is the data: a compressed cookie may hold many times its own length.
    if (opened.ok) this.#verified?.add(token, opened, () => token.length + JSON.stringify(opened.data).length);
    return opened;
  }
}

const REASONS = ['too-large', 'unknown-key', 'tampered', 'expired', 'future'] as const;

/** Calls `open` of a format that may be the application's own: what it throws or makes of a cookie is a rejected cookie. */
function openForeign(open: () => unknown): ForeignSession | Rejected {
  try {
    const opened = open();
    if (typeof opened !== 'object' || opened === null) return rejected('malformed');
    // An unhandled rejection would end the process.
    if (opened instanceof Promise) opened.catch(() => undefined);
    const { ok, reason, data, issuedAt, expiresAt } = opened as Record<string, unknown>;
    if (ok !== true) return rejected(REASONS.find((each) => each === reason) ?? 'malformed');
    if (!isRecord(data) || !isSafeJson(data) || !isTimeOrNone(issuedAt) || !isTimeOrNone(expiresAt)) {
      return rejected('malformed');
    }
    return { ok, data, issuedAt, expiresAt };
  } catch {
    return rejected('malformed');
  }
}

function isTimeOrNone(value: unknown): value is number | undefined {
  return value === undefined || (typeof value === 'number' && Math.abs(value) <= LAST_SECOND);
}

/** Every combination of one value per name; `undefined` for a missing cookie. */
function* combinations([first, ...rest]: readonly (readonly string[])[]): Generator<(string | undefined)[]> {
  if (first === undefined) {
    yield [];
    return;
  }
  for (const value of first.length === 0 ? [undefined] : first) {
    for (const others of combinations(rest)) yield [value, ...others];
  }
}
