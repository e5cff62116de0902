import type { HttpExchange } from '../http/http-exchange.js';
import type { OutgoingHeaders } from '../http/outgoing-headers.js';
import { appendSetCookie, preventCaching } from '../http/response-headers.js';
import { warnOfSharedCaches, warnOfTransport } from './response-warnings.js';
import type { SessionTools } from './session-tools.js';

/** Writes the lines of a session's cookie into the headers, and keeps the answer out of shared caches. */
export function writeCookie(
  headers: OutgoingHeaders,
  lines: readonly string[],
  exchange: HttpExchange,
  { settings, isProduction, log }: SessionTools,
): void {
  if (lines.length === 0) return;
  const { cacheHeaders, attributes } = settings;
  appendSetCookie(headers, lines);
  if (cacheHeaders && preventCaching(headers) === 'public') warnOfSharedCaches(exchange, log);
  const { secure } = attributes;
  if (secure !== undefined) warnOfTransport(exchange, { secure, isProduction }, log);
}
