/**
 * What went wrong, as a stable string to compare with.
 *
 * - `ERR_SESSION_OPTION_UNKNOWN`, `ERR_SESSION_OPTION_INVALID`: at start, an option that cannot be meant.
 * - `ERR_SESSION_SECRET_MISSING`, `ERR_SESSION_SECRET_TOO_SHORT`: at start, no key material, or too little.
 * - `ERR_SESSION_KEY_FORBIDDEN`: a key that no session may have (`__proto__`), or none that a foreign format can carry.
 * - `ERR_SESSION_MAX_AGE_INVALID`: `session.maxAge` was given something that is no lifetime.
 * - `ERR_SESSION_NOT_SERIALIZABLE`: the session holds a value that JSON, or the serializer, cannot carry.
 * - `ERR_SESSION_TOO_LARGE`: the cookie would be larger than browsers keep.
 * - `ERR_SESSION_HEADERS_SENT`: the session was changed after the response headers had left.
 * - `ERR_SESSION_READ_ONLY`: the session was changed where no response is there to carry the cookie.
 * - `ERR_SESSION_NO_REQUEST`: a session was asked for where there is no HTTP request.
 * - `ERR_SESSION_SCHEMA_ASYNC`: the schema validates asynchronously.
 * - `ERR_SESSION_NOT_BOUND`: `@Session()` was used where no SessionInterceptor ran.
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
  | 'ERR_SESSION_HEADERS_SENT'
  | 'ERR_SESSION_READ_ONLY'
  | 'ERR_SESSION_NO_REQUEST'
  | 'ERR_SESSION_SCHEMA_ASYNC'
  | 'ERR_SESSION_NOT_BOUND';

/**
 * The one error class of this package: a mistake of the program, never of a client.
 *
 * The message reads *Cannot …: why. What to do.* and holds no secret, token or session value.
 */
export class SessionError extends Error {
  override readonly name = 'SessionError';

  constructor(
    /** Stable; compare with this, not with the message. */
    readonly code: SessionErrorCode,
    message: string,
  ) {
    super(message);
  }
}
