/**
 * What went wrong: a stable string to compare with.
 *
 * - `ERR_SESSION_OPTION_UNKNOWN`, `ERR_SESSION_OPTION_INVALID`: an impossible option, at start.
 * - `ERR_SESSION_SECRET_MISSING`, `ERR_SESSION_SECRET_TOO_SHORT`: no secret or a short one, at start.
 * - `ERR_SESSION_KEY_FORBIDDEN`: a key that no session may have (`__proto__`), or that a foreign format cannot carry.
 * - `ERR_SESSION_MAX_AGE_INVALID`: a session was given a lifetime that is none, or that could not be sent as it was asked for.
 * - `ERR_SESSION_NOT_SERIALIZABLE`: the session holds a value that JSON, or the serializer, cannot carry.
 * - `ERR_SESSION_TOO_LARGE`: the cookie would be larger than browsers keep.
 * - `ERR_SESSION_MISUSED`: the session was used in a way that would lose data without a word, such as `session.user = …`.
 * - `ERR_SESSION_HEADERS_SENT`: the session was changed after the response headers had been sent.
 * - `ERR_SESSION_READ_ONLY`: the session was changed without a response that could carry the cookie.
 * - `ERR_SESSION_NO_REQUEST`: a session was opened without an HTTP request.
 * - `ERR_SESSION_NO_CURRENT`: `SessionManager.current()` was called outside of a request, or without the option `currentSession`.
 * - `ERR_SESSION_SCHEMA_ASYNC`: the schema validates asynchronously.
 * - `ERR_SESSION_NOT_BOUND`: `@Session()` was used, but no `SessionInterceptor` ran.
 * - `ERR_SESSION_STORE_UNAVAILABLE`: the store does not answer; status 503.
 * - `ERR_SESSION_NOT_LOADED`: the session is in a store and was used before it was fetched.
 * - `ERR_SESSION_REVOKED`: a log-in was not finished before "log out everywhere"; status 401.
 */
export type SessionErrorCode =
  | 'ERR_SESSION_OPTION_UNKNOWN'
  | 'ERR_SESSION_OPTION_INVALID'
  | 'ERR_SESSION_SECRET_MISSING'
  | 'ERR_SESSION_SECRET_TOO_SHORT'
  | 'ERR_SESSION_KEY_FORBIDDEN'
  | 'ERR_SESSION_MAX_AGE_INVALID'
  | 'ERR_SESSION_NOT_SERIALIZABLE'
  | 'ERR_SESSION_TOO_LARGE'
  | 'ERR_SESSION_MISUSED'
  | 'ERR_SESSION_HEADERS_SENT'
  | 'ERR_SESSION_READ_ONLY'
  | 'ERR_SESSION_NO_REQUEST'
  | 'ERR_SESSION_NO_CURRENT'
  | 'ERR_SESSION_SCHEMA_ASYNC'
  | 'ERR_SESSION_NOT_BOUND'
  | 'ERR_SESSION_STORE_UNAVAILABLE'
  | 'ERR_SESSION_NOT_LOADED'
  | 'ERR_SESSION_REVOKED';

/** The statuses of answers to errors that are no mistake of the program. */
const STATUSES: Partial<Record<SessionErrorCode, number>> = {
  ERR_SESSION_STORE_UNAVAILABLE: 503,
  ERR_SESSION_REVOKED: 401,
};

/**
 * The only error class of this package: a mistake of the program, or a store that does not answer; never what a client sent.
 *
 * The message reads *Cannot …: why. What to do.* and holds no secret, token or session value.
 */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  /** The status of the answer, where it is not 500. Nest's filters and Express read it. */
  declare readonly status?: number;

  constructor(
    /** Stable: compare this, not the message. */
    readonly code: SessionErrorCode,
    message: string,
  ) {
    super(message);
    const status = STATUSES[code];
    // The shape of http-errors: without `expose`, Nest 12 answers 500, and with `false` the message stays on the server.
    if (status !== undefined) Object.assign(this, { status, statusCode: status, expose: false });
  }
}
