import type { SessionClaims } from '../codec/session-codec.js';
import type { CookieLimits } from '../cookie/session-cookie.js';
import { MAX_COOKIE_SIZE } from '../cookie/set-cookie.js';
import { isSecure } from '../http/find-exchange.js';
import type { SessionCarrier } from '../transport/session-transport.js';
import type { SessionBinding } from './request-session.js';
import { SessionError } from '../session.errors.js';
import type { SessionSettings } from '../options/session.settings.js';
import type { SessionOutcome } from './session-state.js';

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
    const { lifetime, secure } = this.#settings;
    const outcome = binding.state.outcome(lifetime, now);
    if (outcome.intent === 'keep') return [];
    if (outcome.intent === 'write' && isSealed(binding.sealed, outcome)) return binding.sealed.lines;

    const { request, state } = binding;
    const header = request.headers.cookie;
    const isSecureNow = secure === 'auto' ? isSecure(request) : secure;
    if (outcome.intent === 'delete') return this.#deletions(isSecureNow, header);
    const { claims, text } = outcome;
    const departure = { maxAge: this.#maxAge(claims, now), secure: isSecureNow, header, now };
    const written = this.#own.write(claims, text, departure);
    if (!written.ok) throw tooLarge(written.size, this.#own.limits, state.content.largestKeys);
    const deletions = this.#foreignDeletions(isSecureNow, header);
    const lines = deletions.length === 0 ? written.lines : [...written.lines, ...deletions];
    binding.sealed = { claims, text, lines };
    return lines;
  }

  get #own(): SessionCarrier {
    return this.#settings.carriers[0];
  }

  #maxAge({ exp, ttl }: SessionClaims, now: number): number | undefined {
    const endsWithBrowser = this.#settings.expireOnBrowserClose && ttl === undefined;
    return endsWithBrowser ? undefined : Math.floor(exp - now);
  }

  #deletions(secure: boolean, header: string | undefined): readonly string[] {
    return [...this.#own.delete(this.#own.namesIn(header), secure), ...this.#foreignDeletions(secure, header)];
  }

  /** What came in an accepted format goes when the session is issued in ours, unless it has a name of ours. */
  #foreignDeletions(secure: boolean, header: string | undefined): readonly string[] {
    const { carriers } = this.#settings;
    if (carriers.length === 1) return [];
    const [own, ...accepted] = carriers;
    const gone = new Set(own.namesIn(header));
    return accepted.flatMap((carrier) => {
      const names = carrier.namesIn(header).filter((name) => !gone.has(name));
      for (const name of names) gone.add(name);
      return carrier.delete(names, secure);
    });
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
