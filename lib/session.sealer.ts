import type { SessionClaims } from './codec/session-codec.js';
import type { CookieLimits } from './cookie/session-cookie.js';
import { MAX_COOKIE_SIZE } from './cookie/set-cookie.js';
import { isSecure } from './http/exchange.js';
import type { SessionBinding } from './session.binding.js';
import { SessionError } from './session.errors.js';
import type { SessionSettings } from './session.settings.js';
import type { SessionOutcome } from './session.state.js';

type WriteOutcome = Extract<SessionOutcome, { intent: 'write' }>;

/** Set-Cookie lines with what they were sealed from. */
export interface SealedCookie {
  readonly claims: SessionClaims;
  readonly text: string;
  readonly lines: readonly string[];
}

/** Turns what a session has become into the Set-Cookie lines that it asks for. */
export class SessionSealer {
  readonly #settings: SessionSettings;

  constructor(settings: SessionSettings) {
    this.#settings = settings;
  }

  /**
   * @returns the lines; none where the cookie stays as it is
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`
   */
  seal(binding: SessionBinding, now: number): readonly string[] {
    const { lifetime, cookie, secure } = this.#settings;
    const outcome = binding.state.outcome(lifetime, now);
    if (outcome.intent === 'keep') return [];
    const isSecureNow = secure === 'auto' ? isSecure(binding.request) : secure;
    if (outcome.intent === 'delete') return cookie.delete(isSecureNow, binding.request.headers.cookie);
    if (isSealed(binding.sealed, outcome)) return binding.sealed.lines;
    const { claims, text } = outcome;
    const lines = this.#lines(binding, outcome, now, isSecureNow);
    binding.sealed = { claims, text, lines };
    return lines;
  }

  #lines({ request, state }: SessionBinding, { claims, text }: WriteOutcome, now: number, secure: boolean) {
    const { codec, cookie, expireOnBrowserClose } = this.#settings;
    const endsWithBrowser = expireOnBrowserClose && claims.ttl === undefined;
    const maxAge = endsWithBrowser ? undefined : Math.floor(claims.exp - now);
    const written = cookie.serialize(codec.seal(claims, text), maxAge, secure, request.headers.cookie);
    if (written.ok) return written.lines;
    throw tooLarge(written.size, cookie.limits, state.content.largestKeys);
  }
}

/** Interceptor and before-headers listener both seal: the second time seldom anything has changed. */
function isSealed(sealed: SealedCookie | undefined, { claims, text }: WriteOutcome): sealed is SealedCookie {
  if (sealed === undefined || sealed.text !== text) return false;
  const { jti, exp, ttl } = sealed.claims;
  return jti === claims.jti && exp === claims.exp && ttl === claims.ttl;
}

function tooLarge(size: number, { count, size: limit }: CookieLimits, largest: string): SessionError {
  const why =
    count === 1
      ? `its cookie would have ${size} bytes, and browsers drop one above ${limit}`
      : `its cookies would have ${size} bytes, and ${limit} are possible with cookieCount ${count}: ` +
        `${MAX_COOKIE_SIZE} each, and all of them within what Node reads of a request's headers`;
  return new SessionError(
    'ERR_SESSION_TOO_LARGE',
    `Cannot save the session: ${why}. Store less, or only ids; the largest keys are ${largest}.`,
  );
}
