import type { SessionRecord } from '../data/session-data.js';
import { onDeparture } from '../http/on-headers.js';
import type { Bound, Departing, HttpExchange } from '../http/http-exchange.js';
import type { LeavingHeaders } from '../http/outgoing-headers.js';
import type { RawRequest } from '../http/raw-http.js';
import { SessionError } from '../session.errors.js';
import type { SealedCookie } from './session-sealer.js';
import { SessionService } from './session.service.js';
import type { SessionState } from './session-state.js';

/** What a binding asks of the manager. */
export interface SessionKeeper {
  load(request: RawRequest): SessionState;
  /** Called when the headers are about to leave. Must not throw: it runs inside the response's `writeHead`. */
  write(binding: SessionBinding, headers: LeavingHeaders): void;
  /** Makes the cookie now. @throws SessionError if that cannot be */
  seal(binding: SessionBinding): void;
  isOver(state: SessionState): boolean;
  maxAgeOf(state: SessionState): number;
  expiryOf(state: SessionState): number;
}

/** Ties the session of one request to its response: loads at the first touch, writes when the headers leave. */
export class SessionBinding implements Departing, Bound {
  readonly session: SessionService;
  readonly keeper: SessionKeeper;
  readonly #exchange: HttpExchange;
  #state: SessionState | undefined;
  #isArmed = false;
  #isWritten = false;
  /** The Set-Cookie lines that were sealed last, with what they were sealed from. */
  sealed: SealedCookie | undefined;
  /** What the last attempt to seal threw at its caller, who thereby knows of it. */
  refusal: unknown;

  constructor(exchange: HttpExchange, keeper: SessionKeeper) {
    this.#exchange = exchange;
    this.keeper = keeper;
    this.session = new SessionService(this);
  }

  get request(): RawRequest {
    return this.#exchange.request;
  }

  get isTouched(): boolean {
    return this.#state !== undefined;
  }

  get areHeadersSent(): boolean {
    return this.#isWritten || this.#exchange.areHeadersSent;
  }

  /** The session's state, loaded by the first who asks. */
  get state(): SessionState {
    if (this.#state === undefined || this.#isOver(this.#state)) {
      this.#state = this.keeper.load(this.request);
      this.arm();
    }
    return this.#state;
  }

  /** The data for somebody who may change it; a frozen copy where no response could carry the change. */
  get data(): SessionRecord {
    const { content } = this.state;
    return this.#exchange.hasResponse ? content.expose() : content.frozen;
  }

  /**
   * The state for somebody who is about to change it.
   * @param what completes "Cannot … the session", such as `set a value of`
   */
  writable(what: string): SessionState {
    if (!this.#exchange.hasResponse) throw readOnly(what);
    if (this.areHeadersSent) throw headersSent(what);
    return this.state;
  }

  get maxAge(): number {
    return this.keeper.maxAgeOf(this.state);
  }

  get expiry(): number {
    return this.keeper.expiryOf(this.state);
  }

  seal(): void {
    this.keeper.seal(this);
  }

  /** Sees to it that a touched session is written with the headers, as soon as the response is known. */
  arm(): void {
    if (this.#isArmed || this.#state === undefined) return;
    const { response } = this.#exchange;
    if (response === undefined || response.headersSent) return;
    this.#isArmed = true;
    onDeparture(this.#exchange, response, this);
  }

  depart(headers: LeavingHeaders): void {
    this.keeper.write(this, headers);
    this.#state?.content.settle();
    this.#isWritten = true;
  }

  /** A socket or a stream lives on when nothing more can be sent, and its session is not to outlive its expiry. */
  #isOver(state: SessionState): boolean {
    const canBeSent = this.#isArmed && !this.#isWritten;
    return !canBeSent && this.keeper.isOver(state);
  }
}

function readOnly(what: string): SessionError {
  return new SessionError(
    'ERR_SESSION_READ_ONLY',
    `Cannot ${what} the session: no response is known that could carry its cookie. ` +
      'Open it with its response, sessions.open(request, response); the handshake of a socket is answered already.',
  );
}

function headersSent(what: string): SessionError {
  return new SessionError(
    'ERR_SESSION_HEADERS_SENT',
    `Cannot ${what} the session: the response headers, and the cookie with them, have left. Do it before you answer.`,
  );
}
