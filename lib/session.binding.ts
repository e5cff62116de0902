import onHeaders from 'on-headers';
import type { SessionRecord } from './codec/session-codec.js';
import type { RawRequest, RawResponse } from './http/exchange.js';
import { SessionError } from './session.errors.js';
import type { SealedCookie } from './session.sealer.js';
import { SessionService } from './session.service.js';
import type { SessionState } from './session.state.js';

/** What a binding asks of the manager. */
export interface SessionKeeper {
  load(request: RawRequest): SessionState;
  /** Called once, when the headers are about to leave. Must not throw: it runs inside the response's `writeHead`. */
  write(binding: SessionBinding, response: RawResponse): void;
  /** Makes the cookie now. @throws SessionError if that cannot be */
  seal(binding: SessionBinding): void;
  isOver(state: SessionState): boolean;
  maxAgeOf(state: SessionState): number;
  expiryOf(state: SessionState): number;
}

/** Ties the session of one request to its response: loads at the first touch, writes when the headers leave. */
export class SessionBinding {
  readonly session: SessionService;
  readonly request: RawRequest;
  readonly #keeper: SessionKeeper;
  #response: RawResponse | undefined;
  #state: SessionState | undefined;
  #isWritten = false;
  /** The Set-Cookie line that was sealed last, with what it was sealed from. */
  sealed: SealedCookie | undefined;
  /** What the last attempt to seal threw at its caller, who thereby knows of it. */
  refusal: unknown;

  constructor(request: RawRequest, keeper: SessionKeeper) {
    this.request = request;
    this.#keeper = keeper;
    this.session = new SessionService(this);
  }

  /** Adds the response where it was not known from the start. */
  attach(response: RawResponse): void {
    if (this.#response !== undefined) return;
    this.#response = response;
    if (this.isTouched) this.#arm();
  }

  get isTouched(): boolean {
    return this.#state !== undefined;
  }

  get areHeadersSent(): boolean {
    return this.#isWritten || this.#response?.headersSent === true;
  }

  /** The session's state, loaded by the first who asks. */
  get state(): SessionState {
    if (this.#state === undefined || this.#isOver(this.#state)) {
      this.#state = this.#keeper.load(this.request);
      this.#arm();
    }
    return this.#state;
  }

  /** The data for somebody who may change it; a frozen copy where no response could carry the change. */
  get data(): SessionRecord {
    const { content } = this.state;
    return this.#response === undefined ? content.frozen : content.expose();
  }

  /**
   * The state for somebody who is about to change it.
   * @param what completes "Cannot … the session", such as `set a value of`
   */
  writable(what: string): SessionState {
    if (this.#response === undefined) throw readOnly(what);
    if (this.areHeadersSent) throw headersSent(what);
    return this.state;
  }

  get maxAge(): number {
    return this.#keeper.maxAgeOf(this.state);
  }

  get expiry(): number {
    return this.#keeper.expiryOf(this.state);
  }

  seal(): void {
    this.#keeper.seal(this);
  }

  /** A socket or a stream lives on when nothing more can be sent, and its session is not to outlive its expiry. */
  #isOver(state: SessionState): boolean {
    return (this.#response === undefined || this.areHeadersSent) && this.#keeper.isOver(state);
  }

  #arm(): void {
    const response = this.#response;
    if (response === undefined || response.headersSent) return;
    onHeaders(response, () => {
      this.#keeper.write(this, response);
      this.#state?.content.settle();
      this.#isWritten = true;
    });
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
