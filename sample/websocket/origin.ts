import type { IncomingMessage } from 'node:http';

/**
 * Whether the page that opened a socket is one of ours. No same-origin policy holds for sockets, and browsers send the
 * cookie along: SameSite keeps other sites out, and this their neighbours too (RFC 6455 §10.2).
 */
export function comesFromHere({ headers: { origin, host } }: IncomingMessage): boolean {
  // Only browsers send an Origin, and only they have somebody else's cookies.
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
