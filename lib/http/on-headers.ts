import type { HttpAdapterLike } from './fastify-replies.js';
import { type Departing, type HttpExchange, knownExchangeOf, NONE, type WriteHead } from './http-exchange.js';
import { type GivenHeaders, OverridingHeaders } from './outgoing-headers.js';
import type { RawResponse } from './raw-http.js';
import { createSlot } from './private-field.js';

/** The exchanges of responses that do not know their request. */
const strays = createSlot<RawResponse, HttpExchange>();

/** Tells `departing` when the headers leave. @param response that of the exchange; its headers are still there */
export function onDeparture(exchange: HttpExchange, response: RawResponse, departing: Departing): void {
  exchange.departing = [...exchange.departing, departing];
  if (exchange.isWatched) return;
  exchange.isWatched = true;
  if (isWatchedAtPrototype(response)) return;
  if (knownExchangeOf(response.req) !== exchange) strays.set(response, exchange);
  if (Object.hasOwn(response, 'writeHead')) exchange.writeHead = writeHeadOf(response);
  response.writeHead = writeHeadOfResponse;
}

/**
 * Watches the responses of an Express application at their prototype. Express gives each response another prototype than
 * it was made with, after which a property of its own costs V8 several microseconds a request.
 */
export function watchExpressResponses(adapter: HttpAdapterLike | undefined): void {
  if (adapter?.getType() !== 'express') return;
  const { response } = adapter.getInstance() as { response?: RawResponse };
  if (response !== undefined && !Object.hasOwn(response, 'writeHead')) response.writeHead = writeHeadOfPrototype;
}

/**
 * For responses that are watched alone. One function for all of them: a new one for each costs V8, which keeps a shape
 * of object for every function that is a property, as much as the rest of a session.
 */
function writeHeadOfResponse(this: RawResponse, ...args: unknown[]): RawResponse {
  const exchange = strays.get(this) ?? knownExchangeOf(this.req);
  return leave(this, args, exchange?.writeHead ?? nextAfter(this, writeHeadOfResponse), exchange);
}

function writeHeadOfPrototype(this: RawResponse, ...args: unknown[]): RawResponse {
  return leave(this, args, nextAfter(this, writeHeadOfPrototype), knownExchangeOf(this.req));
}

function writeHeadOf(holder: RawResponse): WriteHead {
  return (holder as unknown as { readonly writeHead: WriteHead }).writeHead;
}

/** The `writeHead` that would be called if there were not `own`. */
function nextAfter(response: RawResponse, own: unknown): WriteHead {
  let holder: RawResponse | null = response;
  while (holder !== null && (writeHeadOf(holder) !== own || !Object.hasOwn(holder, 'writeHead'))) {
    holder = Object.getPrototypeOf(holder) as RawResponse | null;
  }
  // Somebody may have kept `own` from before the response got another prototype.
  return writeHeadOf(Object.getPrototypeOf(holder ?? response) as RawResponse);
}

/**
 * Whether Node will call a `writeHead` of ours, and not one that somebody else took from elsewhere before. A response
 * that a mounted application passes on gets back the prototype of the other one, where nobody may watch.
 */
function isWatchedAtPrototype(response: RawResponse): boolean {
  if (writeHeadOf(response) !== writeHeadOfPrototype) return false;
  const { app } = response as { app?: { parent?: unknown } };
  return app?.parent === undefined;
}

function leave(
  response: RawResponse,
  args: unknown[],
  next: WriteHead,
  exchange: HttpExchange | undefined,
): RawResponse {
  if (exchange === undefined || exchange.departing.length === 0 || response.headersSent) {
    return next.apply(response, args);
  }
  const leaving = exchange.departing;
  // writeHead(status), writeHead(status, headers) or writeHead(status, reason, headers).
  const at = typeof args[1] === 'string' ? 2 : 1;
  const given = args[at] as GivenHeaders | null | undefined;
  const headers = given ? new OverridingHeaders(response, given) : response;
  for (const departing of leaving) departing.depart(headers);
  if (headers instanceof OverridingHeaders) args[at] = headers.list;
  exchange.departing = NONE;
  try {
    return next.apply(response, args);
  } catch (error) {
    // An invalid header of the application, say: whoever answers that error calls again.
    exchange.departing = leaving;
    throw error;
  }
}
