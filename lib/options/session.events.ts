import type { IncomingMessage } from 'node:http';
import type { SessionErrorCode } from '../session.errors.js';

/** What each event of a session says. No event holds a value, a token or the id of a session. */
export interface SessionEvent {
  /** Name of the session, as in `SessionModule.forRoot({ name })`. @default 'default' */
  readonly name: string;
  /**
   * Names the session in logs, the same for as long as it has its id: the first 16 characters of the SHA-256 of `session.id`
   * in base64url. The id cannot be found from it.
   */
  readonly handle: string;
}

/** A session began: the first cookie of it has left. */
export interface SessionCreated extends SessionEvent {
  readonly expiresAt: Date;
}

/**
 * Why a cookie was sent again although no value had changed, or under another id.
 *
 * - `regenerated`: `session.regenerate()` gave it a new id, as at log-in.
 * - `lifetime`: it was given another lifetime.
 * - `touched`: by `session.touch()`.
 * - `rolling`: it was used, and the option `rolling` extends it.
 * - `reissued`: its cookie was of an older secret or in an accepted format.
 */
export type SessionRenewalReason = 'regenerated' | 'lifetime' | 'touched' | 'rolling' | 'reissued';

/** A session goes on with a new cookie. */
export interface SessionRenewed extends SessionEvent {
  readonly reason: SessionRenewalReason;
  /** The handle under which the session came, where it was regenerated. */
  readonly previousHandle?: string | undefined;
  readonly expiresAt: Date;
}

/** A session ended: the deletion of its cookie has left. */
export interface SessionDestroyed extends SessionEvent {
  /** By `session.destroy()`, or because its last value was deleted. */
  readonly reason: 'destroyed' | 'emptied';
}

/** A session was changed, and the headers left without the change. */
export interface SessionSaveFailed extends SessionEvent {
  /**
   * Why: the code of the error, `ERR_SESSION_HEADERS_SENT` for a change of its data after the headers; `undefined` for an
   * error that is no `SessionError`, as of a format of the application's own.
   */
  readonly code: SessionErrorCode | undefined;
}

/** Options that are called when something has happened to a session: once for each thing that has really happened. */
export interface SessionEventHooks {
  /**
   * Called when a session has begun: its first cookie has left. May be asynchronous; what it throws or rejects with is
   * logged.
   * @default none
   */
  readonly onCreate?: ((event: SessionCreated, request: IncomingMessage) => unknown) | undefined;

  /**
   * Called when the cookie of a session has been sent again for another reason than a changed value, or under a new id. May
   * be asynchronous; what it throws or rejects with is logged.
   * @default none
   */
  readonly onRenew?: ((event: SessionRenewed, request: IncomingMessage) => unknown) | undefined;

  /**
   * Called when a valid session has ended: the deletion of its cookie has left. One that expires is reported to `onReject`. May be
   * asynchronous; what it throws or rejects with is logged.
   * @default none
   */
  readonly onDestroy?: ((event: SessionDestroyed, request: IncomingMessage) => unknown) | undefined;

  /**
   * Called when the response headers have left without a change of the session: it could not be written, or was made after
   * them. May be asynchronous; what it throws or rejects with is logged.
   * @default one error line in Nest's log, which is written in any case
   */
  readonly onSaveFailed?: ((event: SessionSaveFailed, request: IncomingMessage) => unknown) | undefined;
}
