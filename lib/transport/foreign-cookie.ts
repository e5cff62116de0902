import { newSessionId } from '../codec/claims.js';
import { rejected, type Rejected, type SessionClaims } from '../codec/session-codec.js';
import type { VerifiedTokens } from '../codec/verified-tokens.js';
import { readCookies } from '../cookie/cookie-header.js';
import type { CookieLimits, SerializedCookie } from '../cookie/session-cookie.js';
import { type CookieAttributes, MAX_COOKIE_SIZE, SetCookieWriter } from '../cookie/set-cookie.js';
import type { ForeignFormat, ForeignSession } from '../interop/foreign-format.js';
import type { CookieContext, SessionTransport, TransportedSession } from './session-transport.js';

/** Maximum number of combinations with companions to try when a client sends several cookies of one name. */
const MAX_COMBINATIONS = 16;

/** Transports a session in the cookie of another package and its companions, such as `session` and `session.sig`. */
export class ForeignCookie implements SessionTransport {
  readonly format: string;
  readonly limits: CookieLimits = { count: 1, size: MAX_COOKIE_SIZE };
  readonly #foreign: ForeignFormat;
  readonly #names: readonly [string, ...string[]];
  readonly #writers: ReadonlyMap<string, SetCookieWriter>;
  readonly #maxAge: number;
  readonly #verified: VerifiedTokens<ForeignSession> | undefined;

  /**
   * @param maxAge the lifetime in seconds of a session whose format has no time
   * @param verified the memory of this format's cookies; used where the format is `pure`
   */
  constructor(
    foreign: ForeignFormat,
    cookieName: string,
    attributes: CookieAttributes,
    maxAge: number,
    verified: VerifiedTokens<ForeignSession> | undefined,
  ) {
    const name = foreign.cookieName ?? cookieName;
    this.format = foreign.format;
    this.#foreign = foreign;
    this.#names = [name, ...(foreign.companions ?? []).map((suffix) => name + suffix)];
    this.#writers = new Map(this.#names.map((each) => [each, new SetCookieWriter(each, attributes)]));
    this.#maxAge = maxAge;
    this.#verified = foreign.pure === true ? verified : undefined;
  }

  *read(header: string | undefined, now: number): Generator<TransportedSession | Rejected> {
    const [first, ...rest] = this.#names.map((name) => readCookies(header, name));
    let remaining = MAX_COMBINATIONS;
    for (const value of first ?? []) {
      for (const companions of combinations(rest)) {
        if (remaining-- === 0) return;
        yield this.#open([value, ...companions], now);
      }
    }
  }

  serialize({ exp }: SessionClaims, text: string, { maxAge, secure, now }: CookieContext): SerializedCookie {
    const context = { cookieName: this.#names[0], now, maxAge: exp - now };
    const values = this.#foreign.write?.(text, context) ?? [];
    const lines = this.#names.map((name, index) => this.#writer(name).serialize(values[index] ?? '', maxAge, secure));
    const size = Math.max(...lines.map((line) => line.length));
    return size > MAX_COOKIE_SIZE ? { ok: false, size } : { ok: true, lines };
  }

  namesIn(header: string | undefined): readonly string[] {
    return this.#names.filter((name) => readCookies(header, name).length > 0);
  }

  delete(names: readonly string[], secure: boolean): readonly string[] {
    return names.map((name) => this.#writer(name).delete(secure));
  }

  #writer(name: string): SetCookieWriter {
    const writer = this.#writers.get(name);
    if (writer === undefined) throw new RangeError('Not a cookie of this format.');
    return writer;
  }

  #open(values: readonly [string, ...(string | undefined)[]], now: number): TransportedSession | Rejected {
    if (values.some((value) => value !== undefined && value.length > MAX_COOKIE_SIZE)) return rejected('too-large');
    const token = values.join('\0');
    const opened = this.#verified?.get(token) ?? this.#verify(token, values, now);
    if (!opened.ok) return opened;
    const { data, issuedAt = now, expiresAt = now + this.#maxAge } = opened;
    // Foreign formats have no session id: the session gets one for this request.
    const claims = { jti: newSessionId(), iat: issuedAt, exp: expiresAt };
    return { ok: true, claims, data, stale: false, isShared: this.#verified !== undefined };
  }

  #verify(token: string, values: readonly [string, ...(string | undefined)[]], now: number): ForeignSession | Rejected {
    const opened = this.#foreign.open(values, { cookieName: this.#names[0], now });
    // What is kept is the data: a compressed cookie may hold many times its own length.
    if (opened.ok) this.#verified?.add(token, opened, () => token.length + JSON.stringify(opened.data).length);
    return opened;
  }
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
