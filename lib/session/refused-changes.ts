import { SessionError } from '../session.errors.js';

/** @param what completes "Cannot … the session" */
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
