import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Method } from './hold.js';
import type { RawResponse } from './raw-http.js';

/** What a response has to know of its request to make its headers. */
const PROBED: Partial<IncomingMessage> = { method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 };

/** A response that is never sent. */
export function newProbe(): ServerResponse {
  return new ServerResponse(PROBED as IncomingMessage);
}

/** As it is now: tools that wrap it later, to measure each response, are not to see one that is not sent. */
const writeHead = Reflect.get(ServerResponse.prototype, 'writeHead') as (...args: readonly unknown[]) => unknown;

/** One whose headers have left, as far as it knows. */
export function newSentProbe(): ServerResponse {
  const probe = newProbe();
  Reflect.apply(writeHead, probe, [200]);
  return probe;
}

/** Throws what Node throws where headers are made of a response whose headers have left. */
export function refuseHeaders(): void {
  Reflect.apply(writeHead, newSentProbe(), [200]);
}

/**
 * Throws at this line what Node would throw for impossible headers, which the application may catch and answer: Node itself is
 * asked, by a response that is not sent. HTTP/2 has other rules, and its responses cannot be made without a stream: there an
 * error comes when the response is let go.
 */
export function checkHeaders(
  response: RawResponse,
  method: Method,
  args: readonly unknown[],
  onImpossible: () => void,
): void {
  if (!(response instanceof ServerResponse)) return;
  const { statusCode, statusMessage } = response;
  // Most answers are those of a handler that has set nothing impossible: no probe is made for them.
  if (method !== 'writeHead' && !statusMessage && statusCode >= 100 && statusCode <= 999) return;
  const probe = newProbe();
  if (statusMessage) probe.statusMessage = statusMessage;
  // Node takes what writeHead is given in another way where headers were set before.
  if (response.getHeaderNames().length > 0) probe.setHeader('X-Set', '');
  try {
    Reflect.apply(writeHead, probe, method === 'writeHead' ? args : [statusCode]);
  } catch (error) {
    onImpossible();
    throw error;
  }
}
