import type { Lifetime } from '../codec/lifetime.js';
import type { SessionClaims } from '../codec/session-codec.js';
import type { SessionRecord } from '../data/session-data.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { holdBack, whenLeft } from '../http/hold-back.js';
import { type HeadersListener, hookHeaders } from '../http/on-headers.js';
import type { OutgoingHeaders } from '../http/outgoing-headers.js';
import { appendSetCookie, preventCaching, varyByCookie } from '../http/response-headers.js';
import type { SessionSettings } from '../options/session.settings.js';
import { SessionError } from '../session.errors.js';
import type { SessionLoader } from './session-loader.js';
import { type SessionSummary, summaryOf } from './inspect-session.js';
import { LateChanges } from './late-changes.js';
import { giveLifetime, type SessionLifetime } from './own-lifetime.js';
import { warnOfSharedCaches, warnOfTransport } from './response-warnings.js';
import { headersSent, isSameFailure, messageOf, readOnly } from './save-errors.js';
import type { SessionEvents } from './session-events.js';
import type { SessionLog } from './session-log.js';
import type { SealedCookie, SessionSealer } from './session-sealer.js';
import type { CookieAction, SessionState } from './session-state.js';
import type { SessionStorage } from './session-storage.js';
import { StoredDeparture } from './stored-departure.js';
import { StoredSession } from './stored-session.js';

/** What the sessions of one manager share. */
export interface SessionTools {
  readonly settings: SessionSettings;
  readonly loader: SessionLoader;
  readonly sealer: SessionSealer;
  /** `undefined`: the cookie holds the session. */
  readonly storage: SessionStorage | undefined;
  readonly log: SessionLog;
  /** `undefined` where the application has no hooks. */
  readonly events: SessionEvents | undefined;
  /** Whether NODE_ENV is `production`. */
  readonly isProduction: boolean;
}

/**
 * The session of one request: loaded at the first use, sealed after the handler, written with the headers. With a store its
 * data is fetched before the first use and saved before the response leaves.
 */
export class RequestSession implements HeadersListener {
  readonly #exchange: HttpExchange;
  readonly #tools: SessionTools;
  readonly #stored: StoredSession | undefined;
  readonly #departure: StoredDeparture | undefined;
  #state: SessionState | undefined;
  /** Why the session is an empty one that cannot be changed, with `unavailable: 'anonymous'`. */
  #unavailable: SessionError | undefined;
  #isWatching = false;
  /** The last cookie that was sealed. */
  #sealed: SealedCookie | undefined;
  /** The error that the caller of `seal` has got, until a later seal succeeds. */
  #sealError: unknown;
  /** What the headers take along, or why nothing: for the events. */
  #outcome: { readonly sealed?: SealedCookie | undefined; readonly error?: unknown } | undefined;
  /** The failure that the application was told. */
  #toldError: unknown;
  #beforeSeal: (() => void) | undefined;
  #lateChanges: LateChanges | undefined;

  constructor(exchange: HttpExchange, tools: SessionTools) {
    this.#exchange = exchange;
    this.#tools = tools;
    if (tools.storage === undefined) return;
    this.#stored = new StoredSession(exchange, tools.storage);
    this.#departure = new StoredDeparture(this.#stored, {
      prepare: () => {
        this.#beforeSeal?.();
        return this.#state;
      },
      report: (error) => this.#report(error),
      onNotSaved: (error) => this.#tellFailure(error),
      log: tools.log,
    });
  }

  // Load

  /** Loaded at the first use; and again on a socket or a stream that has outlived its session. */
  get state(): SessionState {
    if (this.#state === undefined || this.#hasEnded(this.#state)) {
      this.#state = this.#load(this.#state);
      this.watchHeaders();
    }
    return this.#state;
  }

  #load(ended: SessionState | undefined): SessionState {
    const { loader } = this.#tools;
    // After a session that was sent, the request's cookie is out of date, even if it had more time.
    if (ended !== undefined && !ended.isAsItCame) return loader.create(secondsNow());
    try {
      return loader.load(this.#exchange.request, secondsNow(), this.#stored);
    } catch (error) {
      if (this.#stored?.isAnonymous(error) !== true) throw error;
      this.#unavailable = error;
      return loader.create(secondsNow());
    }
  }

  /** Fetches the session from the store, if it has one; again, what the request knew of it is forgotten. */
  fetch(): Promise<void> | undefined {
    this.#state = this.#unavailable = undefined;
    return this.#stored?.fetch(secondsNow());
  }

  /** What can be shown of the session; one that was not used stays unread. */
  get summary(): SessionSummary {
    const { name, lifetime } = this.#tools.settings;
    return summaryOf(name, this.#state, lifetime, secondsNow());
  }

  /** The live values; a frozen copy where no response could carry a change. */
  get values(): SessionRecord {
    const { data } = this.state;
    if (!this.#exchange.hasResponse || this.#unavailable !== undefined) return data.readonlyCopy;
    if (this.areHeadersSent) this.#late.watch(this.#exchange.response);
    return data.share();
  }

  /**
   * The state for a caller that is about to change it.
   * @param what completes "Cannot … the session", such as `set a value of`
   */
  writable(what: string): SessionState {
    if (!this.#exchange.hasResponse) throw readOnly(what);
    if (this.areHeadersSent) throw headersSent(what);
    const { state } = this;
    if (this.#unavailable !== undefined) throw new SessionError(this.#unavailable.code, this.#unavailable.message);
    return state;
  }

  /** The lifetime of this session in seconds: its own, or the module's. */
  get maxAge(): number {
    return this.#tools.settings.lifetime.maxAge(this.state);
  }

  /** @param seconds of this session alone; `undefined` for those of the module */
  setMaxAge(seconds: number | undefined): void {
    const state = this.writable('set the maxAge of');
    giveLifetime(state, { maxAge: seconds, absoluteMaxAge: state.abs }, this.#tools, secondsNow());
  }

  /** @param lifetime of this session alone; what it leaves out is as the module has it */
  setLifetime(lifetime: SessionLifetime): void {
    giveLifetime(this.writable('set the lifetime of'), lifetime, this.#tools, secondsNow());
  }

  /** When the session ends; a NumericDate. */
  get expiry(): number {
    return this.state.expiry(this.#lifetime, secondsNow());
  }

  /** Whether the session is in a store. */
  get isStored(): boolean {
    return this.#stored !== undefined;
  }

  get areHeadersSent(): boolean {
    return this.#exchange.areHeadersSent;
  }

  // Seal

  /**
   * Makes the cookie of a used session now, so that a failure is thrown here: with the headers it could only be logged.
   *
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`; the browser keeps the cookie that it has
   */
  seal(): void {
    this.#attempt((state) => {
      const cookie = state.cookieAction(this.#lifetime, secondsNow());
      // With a store, the cookie is made when the session is saved.
      if (this.#stored === undefined) this.#seal(state, cookie);
    });
  }

  /**
   * Like {@link seal}; with a store, the session is saved when the promise is fulfilled.
   *
   * @returns `undefined` where there is nothing to wait for
   * @throws SessionError the promise is rejected with `ERR_SESSION_STORE_UNAVAILABLE` or `ERR_SESSION_REVOKED` as well
   */
  save(): Promise<void> | undefined {
    const stored = this.#stored;
    if (stored === undefined) {
      this.seal();
      return undefined;
    }
    const saving = this.#attempt((state) => stored.save(state, secondsNow()));
    // The response reports a failure, whether the caller waits or not: an unhandled rejection would end the process.
    saving?.catch(() => undefined);
    return saving;
  }

  #attempt<T>(seal: (state: SessionState) => T): T | undefined {
    if (!this.areHeadersSent) this.#beforeSeal?.();
    if (this.#state === undefined || !this.#exchange.hasResponse) return undefined;
    this.watchHeaders();
    if (this.areHeadersSent) {
      this.#late.report();
      return undefined;
    }
    try {
      const result = seal(this.#state);
      this.#sealError = undefined;
      return result;
    } catch (error) {
      this.#sealError = error;
      throw error;
    }
  }

  /** Has `hook` called each time before the session is sealed, also where it was not touched. */
  beforeSeal(hook: () => void): void {
    this.#beforeSeal = hook;
    this.watchHeaders();
  }

  #seal(state: SessionState, cookie: CookieAction): readonly string[] {
    const toSeal = { cookie, state, exchange: this.#exchange, sealed: this.#sealed };
    this.#sealed = this.#tools.sealer.seal(toSeal, secondsNow());
    return this.#sealed.lines;
  }

  // Write

  /**
   * Hooks the response, so that a used session is written with its headers. Does nothing while the response is unknown: call
   * it again then.
   */
  watchHeaders(): void {
    if (this.#isWatching || (this.#state === undefined && this.#beforeSeal === undefined)) return;
    const { response } = this.#exchange;
    if (response === undefined || this.areHeadersSent) return;
    this.#isWatching = true;
    hookHeaders(response, this);
    if (this.#departure !== undefined) holdBack(response, this.#departure);
  }

  /** Writes the session. Throws nothing: it logs a failure that no caller of `seal` has got. */
  onHeaders(headers: OutgoingHeaders): void {
    let sent: SessionClaims | undefined;
    this.#outcome = undefined;
    try {
      if (this.#stored === undefined) this.#beforeSeal?.();
      else this.#departure?.begin(this.#exchange.response);
      if (this.#state !== undefined) this.#write(headers, this.#state);
      sent = this.#sealed?.written?.claims;
      const error = this.#departure?.error;
      this.#outcome = error === undefined ? { sealed: this.#sealed } : { error };
    } catch (error) {
      this.#outcome = { error };
      this.#report(error);
    }
    if (this.#state === undefined) return;
    // Also after a failure: the headers leave all the same.
    this.#state.markSent(sent);
    // With a store it left when it was saved, and what was changed while the response was held is lost. A save that has failed
    // is reported already.
    if (this.#stored === undefined || this.#stored.failure !== undefined) this.#state.data.markSent();
    if (this.#state.data.isShared) this.#late.watch(this.#exchange.response);
  }

  /** Tells the application what has happened, once it has: a response may be held back below us. Throws nothing. */
  onSent(): void {
    const { events } = this.#tools;
    const { response } = this.#exchange;
    if (events === undefined || response === undefined) return;
    const left = whenLeft(response);
    if (left === undefined) this.#tell();
    else void left.then((hasLeft) => hasLeft && this.#tell());
  }

  #tell(): void {
    const { sealed, error } = this.#outcome ?? {};
    if (this.#state === undefined) return;
    if (error !== undefined) return this.#tellFailure(error);
    // Ended by another request meanwhile: the cookie that has left is worth nothing.
    const isDead = this.#stored?.cookie.action === 'keep';
    if (sealed !== undefined && !isDead) this.#tools.events?.sent(this.#state, sealed, this.#exchange.request);
  }

  #tellFailure(error: unknown): void {
    if (this.#state === undefined || error === this.#toldError) return;
    this.#toldError = error;
    this.#tools.events?.saveFailed(this.#state, error, this.#exchange.request);
  }

  #write(headers: OutgoingHeaders, state: SessionState): void {
    const { settings, isProduction, log } = this.#tools;
    const { cacheHeaders, attributes } = settings;
    if (cacheHeaders) varyByCookie(headers);
    const cookie = this.#stored?.cookie ?? state.cookieAction(this.#lifetime, secondsNow());
    const lines = this.#seal(state, cookie);
    if (lines.length === 0) return;
    appendSetCookie(headers, lines);
    if (cacheHeaders && preventCaching(headers) === 'public') warnOfSharedCaches(this.#exchange, log);
    const { secure } = attributes;
    if (secure !== undefined) warnOfTransport(this.#exchange, { secure, isProduction }, log);
  }

  /** Logs, once, what no caller of `seal` has got. */
  #report(error: unknown): void {
    if (!isSameFailure(error, this.#sealError)) this.#tools.log.error(messageOf(error));
    this.#sealError = error;
  }

  get #lifetime(): Lifetime {
    return this.#tools.settings.lifetime;
  }

  get #late(): LateChanges {
    return (this.#lateChanges ??= new LateChanges(
      () => this.#state?.data,
      (message) => this.#onLost(message),
    ));
  }

  #onLost(message: string): void {
    const { log, events } = this.#tools;
    log.error(message);
    if (this.#state === undefined) return;
    events?.saveFailed(this.#state, new SessionError('ERR_SESSION_HEADERS_SENT', message), this.#exchange.request);
  }

  /**
   * Where a cookie can still be written, an expired session goes on; where none can, as on a socket or a stream, it ends
   * when it expires.
   */
  #hasEnded(state: SessionState): boolean {
    const canBeWritten = this.#isWatching && !this.areHeadersSent;
    return !canBeWritten && state.isExpired(this.#lifetime, secondsNow());
  }
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}
