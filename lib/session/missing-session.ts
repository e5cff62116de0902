import type { SessionRecord } from '../data/session-data.js';
import { SessionError } from '../session.errors.js';
import type { SessionSummary } from './inspect-session.js';
import type { SessionLifetime } from './own-lifetime.js';
import type { SessionState } from './session-state.js';

/** What the members of the session need. */
export interface SessionBehind {
  /** Loaded at the first use. */
  readonly state: SessionState;
  /** The live values; a frozen copy where no response could carry a change. */
  readonly values: SessionRecord;
  /** What can be shown of the session; one that was not used stays unread. */
  readonly summary: SessionSummary;
  /** The lifetime of this session in seconds: its own, or the module's. */
  readonly maxAge: number;
  /** When the session ends; a NumericDate. */
  readonly expiry: number;
  /**
   * The state for a caller that is about to change it.
   * @param what completes "Cannot … the session", such as `set a value of`
   */
  writable(what: string): SessionState;
  /** @param seconds of this session alone; `undefined` for those of the module */
  setMaxAge(seconds: number | undefined): void;
  /** @param lifetime of this session alone; what it leaves out is as the module has it */
  setLifetime(lifetime: SessionLifetime): void;
  /** @returns `undefined` where there is nothing to wait for */
  save(): Promise<void> | undefined;
}

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
