import { whenLeft } from '../http/hold-back.js';
import type { RawRequest, RawResponse } from '../http/raw-http.js';
import { isSameFailure } from './save-errors.js';
import type { SessionEvents } from './session-events.js';
import type { SealedCookie } from './session-sealer.js';
import type { SessionState } from './session-state.js';

/** What the headers of a response take along. */
export interface Departed {
  readonly state: SessionState;
  readonly sealed: SealedCookie | undefined;
  /** Why they leave without the session; `undefined` where they do not. */
  readonly error: unknown;
}

/** Tells the application what has become of the session of one request: once it has, and a failure once. */
export class RequestEvents {
  readonly #events: SessionEvents;
  readonly #request: RawRequest;
  #departed: Departed | undefined;
  #toldError: unknown;

  constructor(events: SessionEvents, request: RawRequest) {
    this.#events = events;
    this.#request = request;
  }

  /** Called when the headers are made; again, where another answer follows. */
  onHeaders(departed: Departed | undefined): void {
    this.#departed = departed;
  }

  /** Called when the headers were taken: a response may be held back below us. @param isDead whether the cookie is worth nothing */
  onSent(response: RawResponse | undefined, isDead: () => boolean): void {
    const left = response && whenLeft(response);
    if (left === undefined) this.#tell(isDead);
    else void left.then((hasLeft) => hasLeft && this.#tell(isDead));
  }

  /** Called with each answer that leaves without the session. */
  onNotSaved(state: SessionState, error: unknown): void {
    if (isSameFailure(error, this.#toldError)) return;
    this.#toldError = error;
    this.#events.saveFailed(state, error, this.#request);
  }

  #tell(isDead: () => boolean): void {
    if (this.#departed === undefined) return;
    const { state, sealed, error } = this.#departed;
    if (error !== undefined) this.onNotSaved(state, error);
    else if (sealed !== undefined && !isDead()) this.#events.sent(state, sealed, this.#request);
  }
}
