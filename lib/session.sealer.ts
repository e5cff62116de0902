import { largestKeys } from './codec/data.js';
import type { SessionClaims } from './codec/session-codec.js';
import { MAX_COOKIE_SIZE } from './cookie/set-cookie.js';
import { isSecure } from './http/exchange.js';
import type { SessionBinding } from './session.binding.js';
import { SessionError } from './session.errors.js';
import type { SessionSettings } from './session.settings.js';

/** A Set-Cookie line with what it was sealed from. */
export interface SealedCookie {
  readonly claims: SessionClaims;
  readonly text: string;
  readonly line: string;
}

/** Turns what a session has become into the Set-Cookie line that it asks for. */
export class SessionSealer {
  constructor(readonly settings: SessionSettings) {}

  /**
   * @returns the line, or `undefined` where the cookie stays as it is
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`
   */
  seal(binding: SessionBinding, now: number): string | undefined {
    const { lifetime, setCookie, secure } = this.settings;
    const outcome = binding.state.outcome(lifetime, now);
    if (outcome.intent === 'keep') return undefined;
    const isSecureNow = secure === 'auto' ? isSecure(binding.request) : secure;
    if (outcome.intent === 'delete') return setCookie.delete(isSecureNow);
    if (isSealed(binding.sealed, outcome)) return binding.sealed.line;
    const { claims, text } = outcome;
    const line = this.#line(claims, text, now, isSecureNow);
    binding.sealed = { claims, text, line };
    return line;
  }

  #line(claims: SessionClaims, text: string, now: number, secure: boolean): string {
    const { codec, setCookie, expireOnBrowserClose } = this.settings;
    const endsWithBrowser = expireOnBrowserClose && claims.ttl === undefined;
    const maxAge = endsWithBrowser ? undefined : Math.floor(claims.exp - now);
    const line = setCookie.serialize(codec.seal(claims, text), maxAge, secure);
    if (line.length > MAX_COOKIE_SIZE) throw tooLarge(line.length, text);
    return line;
  }
}

/** Interceptor and before-headers listener both seal: the second time nothing has changed but, perhaps, the second. */
function isSealed(
  sealed: SealedCookie | undefined,
  { claims, text }: { readonly claims: SessionClaims; readonly text: string },
): sealed is SealedCookie {
  return sealed?.text === text && sealed.claims.jti === claims.jti && sealed.claims.ttl === claims.ttl;
}

function tooLarge(size: number, text: string): SessionError {
  return new SessionError(
    'ERR_SESSION_TOO_LARGE',
    `Cannot save the session: its cookie would have ${size} bytes, and browsers drop one above ${MAX_COOKIE_SIZE}. ` +
      `Store less, or only ids; the largest keys are ${largestKeys(text)}.`,
  );
}
