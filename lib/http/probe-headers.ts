import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Method } from './hold.js';
import type { RawResponse } from './raw-http.js';

/** What a response has to know of its request to make its headers. */
const PROBED: Partial<IncomingMessage> = { method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 };

/** A response that is never sent. */
export function newProbe(): ServerResponse {
  return new ServerResponse(PROBED as IncomingMessage);
}

/**
 * Throws at this line what Node would throw for impossible headers, which the application may catch and answer: Node itself is
 * asked, by a response that is not sent.
 */
export function checkHeaders(
  response: RawResponse,
  method: Method,
  args: readonly unknown[],
  onImpossible: () => void,
): void {
  // A response of HTTP/2 has no message, and warns of one that is read.
  const statusMessage = response instanceof ServerResponse ? response.statusMessage : undefined;
  if (method !== 'writeHead' && !statusMessage) return;
  const probe = newProbe();
  if (statusMessage) probe.statusMessage = statusMessage;
  // Node takes what writeHead is given in another way where headers were set before.
  if (response.getHeaderNames().length > 0) probe.setHeader('X-Set', '');
  try {
    const writeHead = probe.writeHead.bind(probe) as (...args: readonly unknown[]) => unknown;
    writeHead(...(method === 'writeHead' ? args : [response.statusCode]));
  } catch (error) {
    onImpossible();
    throw error;
  }
}
