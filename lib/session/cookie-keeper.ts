import type { Lifetime } from '../codec/lifetime.js';
import type { RawRequest } from '../http/raw-http.js';
import { cookieActionOf } from './cookie-action.js';
import type { KeptSession, SessionKeeper } from './session-keeper.js';
import type { SessionLoader } from './session-loader.js';
import type { SessionState } from './session-state.js';

/** The cookie keeps the session: to seal it is to save it. One object for all sessions of a manager. */
export class CookieKeeper implements SessionKeeper {
  readonly isStored = false;
  readonly unavailable = undefined;
  readonly isSaving = false;
  readonly failure = undefined;
  readonly isCookieDead = false;
  readonly #loader: SessionLoader;
  readonly #lifetime: Lifetime;

  constructor(loader: SessionLoader, lifetime: Lifetime) {
    this.#loader = loader;
    this.#lifetime = lifetime;
  }

  fetch(): undefined {
    return undefined;
  }

  load(request: RawRequest, now: number): SessionState {
    return this.#loader.load(request, now);
  }

  seal(state: SessionState, now: number, session: KeptSession): void {
    session.sealCookie(state, cookieActionOf(state, this.#lifetime, now), now);
  }

  save(state: SessionState, now: number, session: KeptSession): undefined {
    this.seal(state, now, session);
  }

  watch(): void {
    // The session leaves with the headers.
  }

  beforeHeaders(session: KeptSession): void {
    void session.depart();
  }

  sealLeaving(): void {
    // The departure has sealed it.
  }
}
