import { type ArgumentsHost, Inject, Injectable } from '@nestjs/common';
import type { OpenedSessionData } from '../data/session-data.js';
import { httpExchangeOf } from '../http/find-exchange.js';
import { holdBack } from '../http/hold-back.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { exchangeFor } from '../http/kept-exchange.js';
import type { RawRequest, RawResponse } from '../http/raw-http.js';
import { currentExchangeOf } from '../http/request-context.js';
import { SESSION_SETTINGS, type SessionSettings } from '../options/session.settings.js';
import { defineExpressSession } from './express-request.js';
import { OpenedSession } from './opened-session.js';
import { RequestSession } from './request-session.js';
import { SessionLog } from './session-log.js';
import { makeTools, type SessionTools } from './session-tools.js';
import { warnAtStart } from './start-warnings.js';
import type { SessionService } from './session.service.js';

/** `T`, unless it was inferred from the class alone, as by `app.get(SessionManager)`: TypeScript takes it for `object` then. */
export type HeldBy<T extends object> = keyof T extends never ? OpenedSessionData : T;

/**
 * The door to the sessions: `open` gives the session of a request.
 *
 * In guards, strategies, filters, middleware and other singletons inject `SessionManager`: it is a singleton itself.
 * `T` is what its sessions hold: `SessionManager<Visitor>`.
 */
@Injectable()
export class SessionManager<T extends object = OpenedSessionData> {
  readonly #tools: SessionTools;

  /** The name of `SessionModule.forRoot({ name })`. */
  get name(): string {
    return this.#tools.settings.name;
  }

  constructor(@Inject(SESSION_SETTINGS) settings: SessionSettings) {
    this.#tools = makeTools(settings, new SessionLog(SessionManager.name));
    warnAtStart(settings.lifetime.options, this.#tools.log);
  }

  /**
   * The session of a request: the same object, wherever it is asked for. Nothing is read before the session is used.
   *
   * @param target an ExecutionContext or ArgumentsHost; a request of Express, of Fastify or of Node; the context of
   * GraphQL; or a socket, whose session is that of its handshake and can only be read
   * @param responseOrHandshake the response, if `target` is a raw request of Node; the request of the handshake, if it is a
   * socket of ws
   * @throws SessionError `ERR_SESSION_NO_REQUEST` where there is no HTTP request
   * @example
   * canActivate(context: ExecutionContext) {
   *   return this.sessions.open(context).has('user');
   * }
   */
  open<U extends object = HeldBy<T>>(target: ArgumentsHost | object, responseOrHandshake?: object): SessionService<U> {
    return this.#open(httpExchangeOf(target, responseOrHandshake)).service as unknown as SessionService<U>;
  }

  /**
   * The session of the running request, without the request: for services deep inside. The same object that `open` gives. Needs
   * the option `currentSession`.
   *
   * @throws SessionError `ERR_SESSION_NO_CURRENT` outside of a request, or without the option
   * @example
   * const { user } = this.sessions.current<Visitor>().data;
   */
  current<U extends object = HeldBy<T>>(): SessionService<U> {
    return this.#open(currentExchangeOf(this.#tools.settings.context)).service as unknown as SessionService<U>;
  }

  /**
   * Runs a function, and all that it leads to, in the course of a request, so that `current` finds its session: in tests, and
   * where messages come by other ways. Without the option `currentSession` the function is called as it is.
   *
   * @throws SessionError `ERR_SESSION_NO_REQUEST` where there is no HTTP request
   * @example
   * sessions.run(request, () => service.greet());
   */
  run<R>(target: ArgumentsHost | object, callback: () => R): R {
    const { context } = this.#tools.settings;
    return context === undefined ? callback() : context.run(httpExchangeOf(target), callback);
  }

  /**
   * Makes the cookie now, so that a failure is thrown here and not when the headers are sent, where it could only be
   * logged. The interceptor does this after each handler; call it yourself before you answer by `@Res()`. With a store call
   * {@link SessionManager.save}: this method only checks that the session can be written.
   *
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`; the browser keeps the cookie that it has
   * @throws SessionError `ERR_SESSION_NO_REQUEST` where there is no HTTP request
   */
  seal(target: ArgumentsHost | object): void {
    this.#find(httpExchangeOf(target))?.session.seal();
  }

  /**
   * Saves the session now, so that a failure is thrown here. The interceptor does this after each handler, and every response
   * waits for it; call it yourself before you answer by `@Res()` where the error should be your own. Without a store it is
   * {@link SessionManager.seal}.
   *
   * @throws SessionError as `seal` does; `ERR_SESSION_STORE_UNAVAILABLE` (503) where the store does not answer, or not in time:
   * the session may be saved or not; `ERR_SESSION_REVOKED` (401) where a log-in was not finished before all sessions of its
   * person were ended
   */
  save(target: ArgumentsHost | object): Promise<void> {
    // Not async: the promise of a caller that does not wait would be rejected unhandled, and end the process.
    return this.beginSave(httpExchangeOf(target)) ?? Promise.resolve();
  }

  /**
   * Fetches the session of a request from the store now: for requests that the option `skip` leaves out, and in code that has
   * a request before the application, as another application around it. All others have been fetched before the first
   * middleware. Call it before the session is used: what was changed and not saved is forgotten. What this request has saved is
   * what it reads then, and the cookie of that session leaves. Does nothing without a store.
   *
   * @param target as for `open`
   * @throws SessionError `ERR_SESSION_NO_REQUEST` where there is no HTTP request; where the store does not answer, the session
   * throws at its first use
   */
  async load(target: ArgumentsHost | object, responseOrHandshake?: object): Promise<void> {
    await this.#open(httpExchangeOf(target, responseOrHandshake)).session.fetch();
  }

  /** @internal Whether sessions are saved in a store, so that `save` has to be awaited. */
  get isStored(): boolean {
    return this.#tools.storage !== undefined;
  }

  /** @internal Saves the session as {@link save} does; `undefined` where there is nothing to wait for. */
  beginSave(exchange: HttpExchange): Promise<void> | undefined {
    return this.#find(exchange)?.session.save();
  }

  /** @internal Begins to remove expired sessions from the store. @returns stops all that is asked of it without a request */
  sweepRegularly(): () => void {
    return this.#tools.storage?.sweepRegularly() ?? (() => undefined);
  }

  /** @internal Fetches the session of a request that has just arrived; `undefined` where there is none to fetch. */
  fetchEarly(request: RawRequest, response: RawResponse | undefined): Promise<void> | undefined {
    const { storage } = this.#tools;
    if (storage === undefined) return undefined;
    if (response !== undefined) holdBack(response);
    if (storage.isSkipped(request) || !storage.isMentionedIn(request)) return undefined;
    // Without its response, which is found when the session is opened: a session on a socket, whose handshake may have been an
    // ordinary request, can only be read.
    return this.#open(exchangeFor(request)).session.fetchOnArrival();
  }

  /**
   * A middleware that gives requests of Express a `session` as express-session does, for passport, connect-flash and
   * other software that expects one. It is the same session: `request.session.user` is `session.get('user')`.
   *
   * @example
   * app.use(app.get(SessionManager).expressSession());
   */
  expressSession(): (request: object, response: object, next: () => void) => void {
    return (request, response, next) => {
      defineExpressSession(request, this.#open(httpExchangeOf(request, response)));
      next();
    };
  }

  #open(exchange: HttpExchange): OpenedSession {
    // Of a request that did not arrive: at the first use it is too late for a method that was looked up before.
    if (this.isStored && exchange.response !== undefined) holdBack(exchange.response);
    const known = this.#find(exchange);
    if (known !== undefined) {
      // The response may have been unknown until now.
      known.session.watchHeaders();
      return known;
    }
    const opened = new OpenedSession(new RequestSession(exchange, this.#tools), this);
    exchange.opened = [...exchange.opened, opened];
    return opened;
  }

  #find({ opened }: HttpExchange): OpenedSession | undefined {
    for (const each of opened) if (each instanceof OpenedSession && each.manager === this) return each;
    return undefined;
  }
}
