import type { HttpExchange } from '../http/http-exchange.js';
import type { RawRequest, RawResponse } from '../http/raw-http.js';
import type { SessionError } from '../session.errors.js';
import type { CookieAction } from './cookie-action.js';
import type { SessionState } from './session-state.js';

/** What a keeper needs of the session of a request. Times are NumericDates in whole seconds. */
export interface KeptSession {
  readonly exchange: HttpExchange;
  /** Loaded at the first use. @throws SessionError as {@link SessionKeeper.load} */
  readonly state: SessionState;
  /** Makes the cookie. @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE` */
  sealCookie(state: SessionState, cookie: CookieAction, now: number): void;
  /**
   * The session leaves: it is saved as it is now, and what is changed later is lost. Throws nothing.
   * @returns `undefined` where there is nothing to wait for
   */
  depart(): Promise<void> | undefined;
  /** Told that the session was not saved, each time that an answer leaves or is replaced for that reason. */
  notSaved(error: unknown): void;
}

/**
 * Where a session is kept between two requests: in its cookie, or in a store. Times are NumericDates in whole seconds. The
 * session is an argument, because sessions in cookies share one keeper.
 */
export interface SessionKeeper {
  /** Whether the session is in a store. */
  readonly isStored: boolean;
  /** Why the session is an empty one that cannot be changed, with `unavailable: 'anonymous'`. */
  readonly unavailable: SessionError | undefined;
  /** Whether the session is being saved: its headers have not left, though nothing can be added to them. */
  readonly isSaving: boolean;
  /** The error of the last save, if it has failed. */
  readonly failure: unknown;
  /** Whether no cookie leaves, or that of a session which was ended after the headers were made. */
  readonly isCookieDead: boolean;

  /** Fetches what the session is loaded from, if that is elsewhere; again: the one that was saved, or else as before. */
  fetch(now: number): Promise<void> | undefined;
  /** @throws SessionError `ERR_SESSION_NOT_LOADED` or `ERR_SESSION_STORE_UNAVAILABLE` */
  load(request: RawRequest, now: number): SessionState;
  /** Checks that the session can be written. @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE` */
  seal(state: SessionState, now: number, session: KeptSession): void;
  /**
   * Saves the session, so that its cookie can leave.
   *
   * @returns `undefined` where there is nothing to wait for
   * @throws SessionError as `seal`; the promise is rejected with `ERR_SESSION_STORE_UNAVAILABLE` or `ERR_SESSION_REVOKED`
   */
  save(state: SessionState, now: number, session: KeptSession): Promise<void> | undefined;
  /** Has `session.depart()` called before the response leaves, where that takes time. */
  watch(response: RawResponse, session: KeptSession): void;
  /** Called when the headers are made: calls `session.depart()`, unless that was done before. Throws nothing. */
  beforeHeaders(session: KeptSession): void;
  /** Makes the cookie that leaves, where `save` has not. @throws SessionError as `seal` */
  sealLeaving(state: SessionState, now: number, session: KeptSession): void;
}
