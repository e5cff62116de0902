import { type ArgumentsHost, Inject, Injectable, Logger } from '@nestjs/common';
import { httpExchangeOf } from '../http/find-exchange.js';
import type { HttpExchange } from '../http/http-exchange.js';
import type { LeavingHeaders } from '../http/outgoing-headers.js';
import type { RawRequest } from '../http/raw-http.js';
import { appendSetCookie, preventCaching, varyByCookie } from '../http/response-headers.js';
import { SessionBinding, type SessionKeeper } from './request-session.js';
import { defineExpressSession } from './express-session.js';
import { SessionError } from '../session.errors.js';
import type { SessionData } from '../data/session-data.js';
import type { SessionService } from './session.service.js';
import { SessionOpener } from './session-loader.js';
import { SessionSealer } from './session-sealer.js';
import { SESSION_SETTINGS, type SessionSettings } from '../options/session.settings.js';
import type { SessionState } from './session-state.js';

/**
 * The way of a session: `open` ties it to a request, its first touch loads it, `seal` makes the cookie, and just before
 * the headers leave `#write` sends it.
 *
 * Inject it where no request is injected: in guards, strategies, filters, middleware and other singletons.
 */
@Injectable()
export class SessionManager {
  readonly #settings: SessionSettings;
  readonly #opener: SessionOpener;
  readonly #sealer: SessionSealer;
  readonly #logger = new Logger(SessionManager.name);
  readonly #keeper: SessionKeeper = {
    load: (request: RawRequest) => this.#opener.open(request, secondsNow()),
    write: (binding: SessionBinding, headers: LeavingHeaders) => this.#write(binding, headers),
    seal: (binding: SessionBinding) => this.#seal(binding),
    isOver: (state: SessionState) => state.isOver(this.#settings.lifetime, secondsNow()),
    maxAgeOf: (state: SessionState) => state.ttl ?? this.#settings.lifetime.options.maxAge,
    expiryOf: (state: SessionState) => state.expiry(this.#settings.lifetime, secondsNow()),
  };
  #hasWarnedOfCaching = false;

  /** As in `SessionModule.forRoot({ name })`. */
  get name(): string {
    return this.#settings.name;
  }

  constructor(@Inject(SESSION_SETTINGS) settings: SessionSettings) {
    this.#settings = settings;
    this.#opener = new SessionOpener(settings, SessionManager.name);
    this.#sealer = new SessionSealer(settings);
  }

  /**
   * The session of a request: always the same object, whoever asks first. Nothing is read before it is used.
   *
   * @param target an ExecutionContext or ArgumentsHost; a request of Express, of Fastify or of Node; the context of
   * GraphQL; or a socket, whose session is that of its handshake and can only be read
   * @param companion with a raw request of Node its response, with a socket of ws the request of its handshake
   * @throws SessionError `ERR_SESSION_NO_REQUEST` where there is no HTTP request
   * @example
   * canActivate(context: ExecutionContext) {
   *   return this.sessions.open(context).has('user');
   * }
   */
  open<T extends object = SessionData>(target: ArgumentsHost | object, companion?: object): SessionService<T> {
    return this.#bindingOf(httpExchangeOf(target, companion)).session as unknown as SessionService<T>;
  }

  #bindingOf(exchange: HttpExchange): SessionBinding {
    let binding = this.#knownBindingOf(exchange);
    if (binding === undefined) {
      binding = new SessionBinding(exchange, this.#keeper);
      exchange.bindings = [...exchange.bindings, binding];
    }
    // Whoever touched it before may not have known the response.
    binding.arm();
    return binding;
  }

  #knownBindingOf({ bindings }: HttpExchange): SessionBinding | undefined {
    for (const binding of bindings) if (binding.keeper === this.#keeper) return binding as SessionBinding;
    return undefined;
  }

  /**
   * Makes the cookie now, so that a failure is thrown here and not when the headers leave, where it could only be
   * logged. The interceptor does this after each handler; call it yourself before you answer by `@Res()`.
   *
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`; the cookie that came stays valid
   */
  seal(target: ArgumentsHost | object): void {
    const exchange = httpExchangeOf(target);
    const binding = this.#knownBindingOf(exchange);
    if (binding === undefined || !binding.isTouched) return;
    // The handshake of a socket has been answered: its session is for reading.
    if (!exchange.hasResponse) return;
    binding.arm();
    this.#seal(binding);
  }

  #seal(binding: SessionBinding): void {
    if (binding.areHeadersSent) return this.#reportLostChanges(binding);
    try {
      this.#sealer.seal(binding, secondsNow());
    } catch (error) {
      binding.refusal = error;
      throw error;
    }
  }

  /**
   * A middleware that gives requests of Express a `session` as express-session does, for passport, connect-flash and
   * whatever else expects one. It is the same session: `request.session.user` is `session.get('user')`.
   *
   * @example
   * app.use(app.get(SessionManager).expressSession());
   */
  expressSession(): (request: object, response: object, next: () => void) => void {
    return (request, response, next) => {
      defineExpressSession(request, this.#bindingOf(httpExchangeOf(request, response)));
      next();
    };
  }

  /** Runs inside the response's `writeHead`, where an exception would leave the request without an answer. */
  #write(binding: SessionBinding, headers: LeavingHeaders): void {
    const { cacheHeaders } = this.#settings;
    try {
      if (cacheHeaders) varyByCookie(headers);
      const lines = this.#sealer.seal(binding, secondsNow());
      if (lines.length === 0) return;
      appendSetCookie(headers, lines);
      if (cacheHeaders && preventCaching(headers) === 'public') this.#warnOfCaching();
    } catch (error) {
      const message = error instanceof SessionError ? error.message : 'Cannot save the session.';
      // What was thrown at the interceptor has reached the exception filters already.
      const isKnown = binding.refusal instanceof SessionError && binding.refusal.message === message;
      if (!isKnown) this.#logger.error(message);
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
