import type { ErrorShape } from './errors.js';

/** The error where there is no HTTP request to open a session for. */
export function noRequest(why: string): ErrorShape {
  return {
    code: 'ERR_SESSION_NO_REQUEST',
    message:
      `Cannot open a session without an HTTP request: ${why}. Give a context of HTTP, GraphQL or WebSocket, a request ` +
      'and its response, or a socket; for a socket of ws give the request of its handshake too, in handleConnection().',
  };
}
