import { ServerResponse, STATUS_CODES } from 'node:http';
import type { RawResponse } from './raw-http.js';

/**
 * Headers of a response that is not sent, and not those for every response, such as those of CORS or security. By the last
 * two nginx and Apache would send the file that they name in the place of ours.
 */
const OF_CONTENT =
  /^(?:content-(?!security-)|(?:accept-ranges|cache-control|etag|expires|last-modified|link|location|refresh|set-cookie|trailer|transfer-encoding|x-accel-redirect|x-sendfile)$)/i;

/** The answer in the place of one that cannot be sent: as Nest answers errors whose message is not for the client. */
export interface Replacement {
  /** The arguments of `writeHead`. */
  readonly head: readonly [status: number, headers: Readonly<Record<string, string | number>>];
  readonly body: string;
}

/** Takes off a response what it says of its content, and returns what to send instead. @param error its `status`, or 500 */
export function replacementFor(response: RawResponse, error: unknown): Replacement {
  for (const name of response.getHeaderNames()) if (OF_CONTENT.test(name)) response.removeHeader(name);
  // Node takes that of the status then. A response of HTTP/2 has none, and warns of one that is set.
  if (response instanceof ServerResponse) response.statusMessage = '';
  const statusCode = statusOf(error);
  const body = JSON.stringify({ message: STATUS_CODES[statusCode], statusCode });
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  };
  return { head: [statusCode, headers], body };
}

function statusOf(error: unknown): number {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === 'number' ? status : 500;
}
