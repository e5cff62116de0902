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

/** Whether the caller of `seal` has got an error of this kind already. */
export function isSameFailure(error: unknown, known: unknown): boolean {
  return error instanceof SessionError && known instanceof SessionError && error.code === known.code;
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
