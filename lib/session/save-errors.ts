import { SessionError } from '../session.errors.js';

/** @param what completes "Cannot … the session", such as `set a value of` */
export function readOnly(what: string): SessionError {
  return new SessionError(
    'ERR_SESSION_READ_ONLY',
    `Cannot ${what} the session: no response is known that could carry its cookie. ` +
      'Open it with its response, sessions.open(request, response); the handshake of a socket is answered already.',
  );
}

/** @param what completes "Cannot … the session" */
export function headersSent(what: string): SessionError {
  return new SessionError(
    'ERR_SESSION_HEADERS_SENT',
    `Cannot ${what} the session: the response headers, and the cookie with them, have left. Do it before you answer.`,
  );
}

/** Whether an error of this kind is known already: each attempt to save makes a new one. */
export function isSameFailure(error: unknown, known: unknown): boolean {
  return known !== undefined && causeOf(error) === causeOf(known);
}

/** Whether the data cannot be written, with a store or without one. */
export function isOfData(error: unknown): boolean {
  const code = error instanceof SessionError ? error.code : undefined;
  return code === 'ERR_SESSION_NOT_SERIALIZABLE' || code === 'ERR_SESSION_TOO_LARGE';
}

/** Whether the store, and not the application, is the reason: it has its own lines in the log, and statuses that say so. */
export function isOfStore(error: unknown): boolean {
  return error instanceof SessionError && error.status !== undefined;
}

/** The log line of a session that could not be saved. */
export function messageOf(error: unknown): string {
  return error instanceof SessionError ? error.message : 'Cannot save the session.';
}

/** What kind of error it is. No message: it may name what a client has sent. */
export function causeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return String(code ?? name);
}
