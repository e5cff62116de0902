import { SessionError } from '../session.errors.js';
import type { SessionSummary } from './inspect-session.js';
import type { RequestSession } from './request-session.js';

/** The part of a request's session that the members of the session need. */
export type SessionBehind = Pick<
  RequestSession,
  'state' | 'values' | 'writable' | 'summary' | 'maxAge' | 'setMaxAge' | 'setLifetime' | 'expiry' | 'save'
>;

/** In the place of a session where there is no request. */
export class MissingSession implements SessionBehind {
  readonly #error: SessionError;

  constructor(error: SessionError) {
    this.#error = error;
  }

  get state(): never {
    return this.#fail();
  }

  get values(): never {
    return this.#fail();
  }

  get summary(): SessionSummary {
    return { state: 'no request' };
  }

  get maxAge(): never {
    return this.#fail();
  }

  get expiry(): never {
    return this.#fail();
  }

  writable(): never {
    return this.#fail();
  }

  setMaxAge(): never {
    return this.#fail();
  }

  setLifetime(): never {
    return this.#fail();
  }

  save(): never {
    return this.#fail();
  }

  /** A new error, so that its stack names the line that needs the session. */
  #fail(): never {
    throw new SessionError(this.#error.code, this.#error.message);
  }
}
