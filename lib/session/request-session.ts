import type { HttpExchange } from '../http/http-exchange.js';
import { type HeadersListener, hookHeaders } from '../http/on-headers.js';
import type { OutgoingHeaders } from '../http/outgoing-headers.js';
import { varyByCookie } from '../http/response-headers.js';
import type { SessionError } from '../session.errors.js';
import type { CookieAction } from './cookie-action.js';
import { RequestEvents } from './request-events.js';
import { SaveReports } from './save-reports.js';
import { secondsNow } from './seconds-now.js';
import type { KeptSession, SessionKeeper } from './session-keeper.js';
import type { SealedCookie } from './session-sealer.js';
import type { SessionState } from './session-state.js';
import type { SessionTools } from './session-tools.js';
import { writeCookie } from './write-cookie.js';

/**
 * The session of one request: loaded at the first use, sealed after the handler, written with the headers. With a store its
 * data is fetched before the first use and saved before the response leaves.
 */
export class RequestSession implements HeadersListener, KeptSession {
  readonly exchange: HttpExchange;
  readonly #tools: SessionTools;
  readonly #keeper: SessionKeeper;
  readonly #events: RequestEvents | undefined;
  #state: SessionState | undefined;
  #isFetched = false;
  #isWatching = false;
  /** The last cookie that was sealed. */
  #sealed: SealedCookie | undefined;
  /** Why the session could not be written when it left. */
  #error: unknown;
  #beforeSeal: (() => void) | undefined;
  #reports: SaveReports | undefined;

  constructor(exchange: HttpExchange, tools: SessionTools) {
    this.exchange = exchange;
    this.#tools = tools;
    this.#keeper = tools.keeperOf(this);
    this.#events = tools.events && new RequestEvents(tools.events, exchange.request);
  }

  // Load

  /** Loaded at the first use; and again on a socket or a stream that has outlived its session. */
  get state(): SessionState {
    if (this.#state === undefined || this.#hasEnded(this.#state)) {
      // After a session that was sent, the request's cookie is out of date, even if it had more time.
      const isNext = this.#state !== undefined && !this.#state.isAsItCame;
      const now = secondsNow();
      this.#state = isNext ? this.#tools.loader.create(now) : this.#keeper.load(this.exchange.request, now);
      this.watchHeaders();
    }
    return this.#state;
  }

  /** Fetches the session from the store, if it has one; again, what the request has changed and not saved is forgotten. */
  fetch(): Promise<void> | undefined {
    this.#isFetched = true;
    if (!this.isStored) return undefined;
    this.#state = undefined;
    return this.#keeper.fetch(secondsNow());
  }

  /** Fetches the session when its request arrives, unless middleware has done that: what it has changed since counts. */
  fetchOnArrival(): Promise<void> | undefined {
    return this.#isFetched ? undefined : this.fetch();
  }

  /**
   * Where a cookie is still to be written, an expired session goes on; where none is, as on a socket or a stream, it ends
   * when it expires.
   */
  #hasEnded(state: SessionState): boolean {
    const canBeWritten = this.#isWatching && (!this.areHeadersSent || this.#keeper.isSaving);
    return !canBeWritten && state.isExpired(this.#tools.settings.lifetime, secondsNow());
  }

  // Seal

  /**
   * Makes the cookie of a used session now, so that a failure is thrown here: with the headers it could only be logged.
   *
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`; the browser keeps the cookie that it has
   */
  seal(): void {
    this.#attempt((state) => this.#keeper.seal(state, secondsNow(), this));
  }

  /**
   * Like {@link seal}; with a store, the session is saved when the promise is fulfilled.
   *
   * @returns `undefined` where there is nothing to wait for
   * @throws SessionError the promise is rejected with `ERR_SESSION_STORE_UNAVAILABLE` or `ERR_SESSION_REVOKED` as well
   */
  save(): Promise<void> | undefined {
    const saving = this.#attempt((state) => this.#keeper.save(state, secondsNow(), this));
    // The response reports a failure, whether the caller waits or not: an unhandled rejection would end the process.
    saving?.catch((error: unknown) => {
      // Where the response waits as well, only that reports it.
      if (!this.areHeadersSent) this.reports.known = error;
    });
    return saving;
  }

  #attempt<T>(seal: (state: SessionState) => T): T | undefined {
    if (!this.areHeadersSent) this.#beforeSeal?.();
    if (this.#state === undefined || !this.exchange.hasResponse) return undefined;
    this.watchHeaders();
    if (this.areHeadersSent) {
      this.reports.reportLateChanges();
      return undefined;
    }
    try {
      const result = seal(this.#state);
      if (this.#reports !== undefined) this.#reports.known = undefined;
      return result;
    } catch (error) {
      this.reports.known = error;
      throw error;
    }
  }

  /** Has `hook` called each time before the session is sealed, also where it was not touched. */
  beforeSeal(hook: () => void): void {
    this.#beforeSeal = hook;
    this.watchHeaders();
  }

  sealCookie(state: SessionState, cookie: CookieAction, now: number): void {
    const { exchange } = this;
    this.#sealed = this.#tools.sealer.seal({ cookie, state, exchange, sealed: this.#sealed }, now);
  }

  // Write

  /**
   * Hooks the response, so that a used session is written with its headers. Does nothing while the response is unknown: call
   * it again then.
   */
  watchHeaders(): void {
    if (this.#isWatching || (this.#state === undefined && this.#beforeSeal === undefined)) return;
    const { response } = this.exchange;
    if (response === undefined || this.areHeadersSent) return;
    this.#isWatching = true;
    hookHeaders(response, this);
    this.#keeper.watch(response, this);
  }

  depart(): Promise<void> | undefined {
    this.#error = undefined;
    try {
      this.#beforeSeal?.();
      return this.#state && this.#keeper.save(this.#state, secondsNow(), this);
    } catch (error) {
      this.#fail(error);
      return undefined;
    } finally {
      // What is changed from now on is lost.
      this.#state?.data.markSent();
    }
  }

  notSaved(error: unknown): void {
    // Reported already, and not once more as changes that are lost.
    this.#state?.data.markSent();
    this.reports.notSaved(error);
  }

  /** Writes the session. Throws nothing: it logs a failure that no caller of `seal` has got. */
  onHeaders(headers: OutgoingHeaders): void {
    this.#keeper.beforeHeaders(this);
    const state = this.#state;
    if (state === undefined) return this.#events?.onHeaders(undefined);
    try {
      if (this.#tools.settings.cacheHeaders) varyByCookie(headers);
      this.#keeper.sealLeaving(state, secondsNow(), this);
      writeCookie(headers, this.#sealed?.lines ?? [], this.exchange, this.#tools);
    } catch (error) {
      this.#fail(error);
    }
    // Also after a failure: the headers leave all the same.
    state.markSent(this.#sealed?.written?.claims);
    this.#events?.onHeaders({ state, sealed: this.#sealed, error: this.#keeper.failure ?? this.#error });
    if (state.data.isShared) this.reports.watchLateChanges();
  }

  /** Tells the application what has happened, once it has. Throws nothing. */
  onSent(): void {
    this.#events?.onSent(this.exchange.response, () => this.#keeper.isCookieDead);
  }

  /** The headers leave without the session. */
  #fail(error: unknown): void {
    this.reports.log(error);
    this.#error = error;
    this.#sealed = undefined;
  }

  // What others ask

  /** Made when it is needed: most sessions are saved. */
  get reports(): SaveReports {
    return (this.#reports ??= new SaveReports(this, this.#tools.log, this.#events));
  }

  /** A getter, so that no inspection of a request reaches what holds the secrets. */
  get tools(): SessionTools {
    return this.#tools;
  }

  /** The session, if it was used. */
  get loaded(): SessionState | undefined {
    return this.#state;
  }

  /** Why the session is an empty one that cannot be changed, with `unavailable: 'anonymous'`. */
  get unavailable(): SessionError | undefined {
    return this.#keeper.unavailable;
  }

  get isStored(): boolean {
    return this.#keeper.isStored;
  }

  get areHeadersSent(): boolean {
    return this.exchange.areHeadersSent;
  }
}
