import type { SessionClaims } from '../codec/session-codec.js';
import type { CookieLimits } from '../cookie/session-cookie.js';
import { MAX_COOKIE_SIZE } from '../cookie/set-cookie.js';
import type { HttpExchange } from '../http/http-exchange.js';
import type { ResponseAttributes } from '../options/cookie-attributes.js';
import type { SessionSettings } from '../options/session.settings.js';
import { SessionError } from '../session.errors.js';
import type { CookieContext, SessionTransport } from '../transport/session-transport.js';
import { type CookieAction, isRenewal, type WriteCookie, type WriteReason } from './cookie-action.js';
import type { SessionLog } from './session-log.js';
import type { SessionState } from './session-state.js';

/** Set-Cookie lines, and the claims and the text that they were made of. */
export interface SealedCookie {
  readonly lines: readonly string[];
  /** `undefined` where the cookie stays as it is, or is deleted. */
  readonly written?: { readonly claims: SessionClaims; readonly text: string } | undefined;
  /** `undefined` where the cookie stays as it is. */
  readonly reason?: WriteReason | 'deleted' | undefined;
}

/** The session to be sealed. */
export interface SessionToSeal {
  readonly cookie: CookieAction;
  readonly state: SessionState;
  readonly exchange: HttpExchange;
  /** The last seal of this session: interceptor and headers both seal, and between them seldom anything changes. */
  readonly sealed: SealedCookie | undefined;
}

const NOTHING: SealedCookie = { lines: [] };

/** Turns the changes of a session into the Set-Cookie lines that they ask for. */
export class SessionSealer {
  readonly #settings: SessionSettings;
  readonly #log: SessionLog;

  constructor(settings: SessionSettings, log: SessionLog) {
    this.#settings = settings;
    this.#log = log;
  }

  /**
   * @param now a NumericDate in whole seconds
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`, but not for a renewal that the
   * application has not asked for: then the cookie that came is kept
   */
  seal({ cookie, state, exchange, sealed }: SessionToSeal, now: number): SealedCookie {
    if (cookie.action === 'keep') return NOTHING;
    if (cookie.action === 'delete') return { lines: this.#deletions(exchange), reason: 'deleted' };
    if (cookie.action === 'keep-back') return this.#keepBack();
    if (isSealed(sealed, cookie)) return sealed;
    if (!isRenewal(cookie.reason)) return this.#write(state, cookie, exchange, now);
    try {
      return this.#write(state, cookie, exchange, now);
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      return this.#keepBack();
    }
  }

  #keepBack(): SealedCookie {
    this.#log.warnOnce(NOT_RENEWED);
    return NOTHING;
  }

  #write(
    state: SessionState,
    { claims, text, reason }: WriteCookie,
    exchange: HttpExchange,
    now: number,
  ): SealedCookie {
    const { secure, varying } = this.#settings.attributes.of(exchange);
    const header = exchange.request.headers.cookie;
    const context: CookieContext = { maxAge: this.#maxAge(claims, now), secure, varying, header, now };
    const serialized = this.#own.serialize(claims, text, context);
    if (!serialized.ok) throw tooLarge(serialized.size, this.#own.limits, state.data.largestKeys);
    const deletions = this.#foreignDeletions(header, { secure, varying });
    const lines = deletions.length === 0 ? serialized.lines : [...serialized.lines, ...deletions];
    return { lines, written: { claims, text }, reason };
  }

  get #own(): SessionTransport {
    return this.#settings.transports[0];
  }

  #maxAge({ exp, ttl }: SessionClaims, now: number): number | undefined {
    const endsWithBrowser = this.#settings.expireOnBrowserClose && ttl === undefined;
    return endsWithBrowser ? undefined : Math.floor(exp - now);
  }

  #deletions(exchange: HttpExchange): readonly string[] {
    const attributes = this.#settings.attributes.of(exchange);
    const header = exchange.request.headers.cookie;
    const own = this.#own.delete(this.#own.namesIn(header), attributes.secure, attributes.varying);
    return [...own, ...this.#foreignDeletions(header, attributes)];
  }

  /** A cookie of an accepted format is deleted when the session is written in ours, unless it has a name of ours. */
  #foreignDeletions(header: string | undefined, { secure, varying }: ResponseAttributes): readonly string[] {
    const { transports } = this.#settings;
    if (transports.length === 1) return [];
    const [own, ...accepted] = transports;
    const deleted = new Set(own.namesIn(header));
    return accepted.flatMap((transport) => {
      const names = transport.namesIn(header).filter((name) => !deleted.has(name));
      for (const name of names) deleted.add(name);
      return transport.delete(names, secure, varying);
    });
  }
}

const NOT_RENEWED =
  'Cannot renew a session cookie: the session is too large for a new one, or cannot be written. The cookie that came is ' +
  'kept until it ends. Store less, or raise cookieCount.';

function isSealed(
  sealed: SealedCookie | undefined,
  { claims, text }: { readonly claims: SessionClaims; readonly text: string },
): sealed is SealedCookie {
  if (sealed?.written === undefined || sealed.written.text !== text) return false;
  const { jti, exp, ttl, abs, st, rk } = sealed.written.claims;
  return (
    jti === claims.jti &&
    st === claims.st &&
    rk === claims.rk &&
    exp === claims.exp &&
    ttl === claims.ttl &&
    abs === claims.abs
  );
}

function tooLarge(size: number, { count, size: limit }: CookieLimits, largest: string): SessionError {
  const why =
    count === 1 && limit === MAX_COOKIE_SIZE
      ? `its cookie would have ${size} bytes, and browsers drop one above ${limit}`
      : `its cookies would have ${size} bytes, and ${limit} are possible with cookieCount ${count}: ` +
        `${MAX_COOKIE_SIZE} each, and those of all sessions within what the server reads of a request's headers`;
  return new SessionError(
    'ERR_SESSION_TOO_LARGE',
    `Cannot save the session: ${why}. Store less, or only ids; the largest keys are ${largest}.`,
  );
}
