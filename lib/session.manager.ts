import { type ArgumentsHost, Inject, Injectable, Logger } from '@nestjs/common';
import { rejected, type Rejected, type SessionRejectReason } from './codec/session-codec.js';
import { httpExchangeOf, type RawRequest, type RawResponse } from './http/exchange.js';
import { appendSetCookie, preventCaching, varyByCookie } from './http/response-headers.js';
import { SessionBinding } from './session.binding.js';
import { SessionError } from './session.errors.js';
import type { SessionData } from './session.data.js';
import type { SessionService } from './session.service.js';
import { SessionSealer } from './session.sealer.js';
import { SESSION_SETTINGS, type SessionSettings } from './session.settings.js';
import { type OpenedSession, SessionState } from './session.state.js';

/**
 * The way of a session: `open` ties it to a request, its first touch loads it, `seal` makes the cookie, and just before
 * the headers leave `#write` sends it.
 *
 * Inject it where no request is injected: in guards, strategies, filters, middleware and other singletons.
 */
@Injectable()
export class SessionManager {
  readonly #settings: SessionSettings;
  readonly #sealer: SessionSealer;
  readonly #logger = new Logger(SessionManager.name);
  readonly #bindings = new WeakMap<RawRequest, SessionBinding>();
  readonly #keeper = {
    load: (request: RawRequest) => this.#load(request),
    write: (binding: SessionBinding, response: RawResponse) => this.#write(binding, response),
    maxAgeOf: (state: SessionState) => state.ttl ?? this.#settings.lifetime.options.maxAge,
    expiryOf: (state: SessionState) => state.expiry(this.#settings.lifetime, secondsNow()),
  };
  #hasWarnedOfCaching = false;

  constructor(@Inject(SESSION_SETTINGS) settings: SessionSettings) {
    this.#settings = settings;
    this.#sealer = new SessionSealer(settings);
  }

  /**
   * The session of a request: always the same object, whoever asks first. Nothing is read before it is used.
   *
   * @param target an ExecutionContext or ArgumentsHost, or a request of Express, of Fastify or of Node
   * @param response the response to it; needed only with a raw request of Node
   * @throws SessionError `ERR_SESSION_NO_REQUEST` where there is no HTTP request
   * @example
   * canActivate(context: ExecutionContext) {
   *   return this.sessions.open(context).has('user');
   * }
   */
  open<T extends object = SessionData>(target: ArgumentsHost | object, response?: object): SessionService<T> {
    const exchange = httpExchangeOf(target, response);
    let binding = this.#bindings.get(exchange.request);
    if (binding === undefined) {
      binding = new SessionBinding(exchange.request, this.#keeper);
      this.#bindings.set(exchange.request, binding);
    }
    if (exchange.response !== undefined) binding.attach(exchange.response);
    return binding.session as unknown as SessionService<T>;
  }

  /**
   * Makes the cookie now, so that a failure is thrown here and not when the headers leave, where it could only be
   * logged. The interceptor does this after each handler; call it yourself before you answer by `@Res()`.
   *
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`; the cookie that came stays valid
   */
  seal(target: ArgumentsHost | object): void {
    const { request, response } = httpExchangeOf(target);
    const binding = this.#bindings.get(request);
    if (binding === undefined || !binding.isTouched) return;
    if (response !== undefined) binding.attach(response);
    if (binding.areHeadersSent) return this.#reportLostChanges(binding);
    try {
      this.#sealer.seal(binding, secondsNow());
    } catch (error) {
      binding.refusal = error;
      throw error;
    }
  }

  #load(request: RawRequest): SessionState {
    const { cookie, format } = this.#settings;
    const now = secondsNow();
    const header = request.headers.cookie;
    let firstReason: SessionRejectReason | undefined;
    for (const token of cookie.read(header)) {
      const opened = this.#unseal(token, now);
      if (opened.ok) return new SessionState({ hadCookie: true, opened }, format, now);
      if (firstReason === undefined) this.#reject((firstReason = opened.reason), request);
    }
    return new SessionState(
      { hadCookie: firstReason !== undefined || cookie.isIn(header), opened: undefined },
      format,
      now,
    );
  }

  #unseal(token: string, now: number): OpenedSession | Rejected {
    const { codec, cookie, lifetime, format } = this.#settings;
    // Before any cryptography: a client may send what it likes, as long as Node's header limit lets it through.
    if (token.length > cookie.limits.size) return rejected('too-large');
    const opened = codec.unseal(token);
    if (!opened.ok) return opened;
    const reason = lifetime.reject(opened.claims, now);
    if (reason !== undefined) return rejected(reason);
    const data = format.accept(opened.data);
    return data === undefined ? rejected('malformed') : { ...opened, data };
  }

  /** Runs inside the response's `writeHead`, where an exception would leave the request without an answer. */
  #write(binding: SessionBinding, response: RawResponse): void {
    const { cacheHeaders } = this.#settings;
    try {
      if (cacheHeaders) varyByCookie(response);
      const lines = this.#sealer.seal(binding, secondsNow());
      if (lines.length === 0) return;
      appendSetCookie(response, lines);
      if (cacheHeaders && preventCaching(response) === 'public') this.#warnOfCaching();
    } catch (error) {
      const message = error instanceof SessionError ? error.message : 'Cannot save the session.';
      // What was thrown at the interceptor has reached the exception filters already.
      const isKnown = binding.refusal instanceof SessionError && binding.refusal.message === message;
      if (!isKnown) this.#logger.error(message);
    }
  }

  #reject(reason: SessionRejectReason, request: RawRequest): void {
    const { onReject } = this.#settings;
    if (onReject === undefined) return this.#logger.debug(`Ignored a session cookie: ${reason}.`);
    try {
      onReject(reason, request);
    } catch {
      this.#logger.error('Cannot report an ignored session cookie: onReject threw. Let it catch its own errors.');
    }
  }

  #reportLostChanges(binding: SessionBinding): void {
    if (!binding.state.content.hasLostChanges) return;
    this.#logger.error(
      'Cannot save a change of the session: it was made after the response headers had left. Make it earlier.',
    );
  }

  #warnOfCaching(): void {
    if (this.#hasWarnedOfCaching) return;
    this.#hasWarnedOfCaching = true;
    this.#logger.warn(
      'A response that sets the session cookie may be stored by shared caches: its Cache-Control is public. Make it private.',
    );
  }
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}
