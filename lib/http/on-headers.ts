import { type HeadersArgument, type OutgoingHeaders, ResponseHeaders, writeHeadHeaders } from './outgoing-headers.js';
import type { RawResponse } from './raw-http.js';

/** Adds to the headers of a response just before they are sent. */
export interface HeadersListener {
  /**
   * Must not throw: it runs inside the response's `writeHead`. It is called again where `writeHead` fails, for an invalid
   * header of the application say, and the response is then answered otherwise.
   */
  onHeaders(headers: OutgoingHeaders): void;
}

type WriteHead = (this: RawResponse, ...args: unknown[]) => RawResponse;

/** What is known of a hooked response. */
interface Hook {
  readonly response: RawResponse;
  /** The `writeHead` that other software put on this response before; without one the prototype's is called. */
  readonly previous: WriteHead | undefined;
  listeners: readonly HeadersListener[];
  /** Whether the listeners have been called, and the headers are on their way. */
  isFired: boolean;
}

/** A symbol, because a wrapper of the response (a proxy, or an object that inherits from it) hands it on. */
const HOOK = Symbol('nestjs-sessions.hook');

interface MaybeHooked {
  [HOOK]?: Hook;
  writeHead: WriteHead;
}

/**
 * Calls `listener` just before the headers of a response are sent.
 *
 * `writeHead` is the one function that every way of answering passes through, on Express, on Fastify, on Node's own
 * responses and on those of HTTP/2: `end()`, `write()` and `flushHeaders()` call it where the application does not. It
 * is put on the response itself and not on a prototype, because a response that is passed on to another application gets
 * the prototype of that one. All responses share one function: one for each costs V8 3 to 8 % of a request on Fastify.
 */
export function onHeaders(response: RawResponse, listener: HeadersListener): void {
  const target = response as unknown as MaybeHooked;
  const hook = target[HOOK];
  if (hook !== undefined) {
    hook.listeners = [...hook.listeners, listener];
    return;
  }
  const previous = Object.hasOwn(target, 'writeHead') ? target.writeHead : undefined;
  target[HOOK] = { response, previous, listeners: [listener], isFired: false };
  target.writeHead = writeHead;
}

/** Whether the headers of a response have been sent, or are about to be with all that was added to them. */
export function areHeadersSent(response: RawResponse): boolean {
  return response.headersSent || (response as unknown as MaybeHooked)[HOOK]?.isFired === true;
}

function writeHead(this: RawResponse, ...args: unknown[]): RawResponse {
  const hook = (this as unknown as MaybeHooked)[HOOK];
  const next = hook?.previous ?? (Object.getPrototypeOf(hook?.response ?? this) as MaybeHooked).writeHead;
  // A wrapper may call again from within; Node itself throws at headers after the headers.
  if (hook === undefined || hook.isFired || hook.response.headersSent) return next.apply(this, args);
  hook.isFired = true;
  const given = headersArgument(args);
  const headers = given === undefined ? new ResponseHeaders(hook.response) : writeHeadHeaders(hook.response, given);
  try {
    for (const listener of hook.listeners) listener.onHeaders(headers);
    return next.apply(this, headers instanceof ResponseHeaders ? args : argumentsWith(headers.argument, args));
  } catch (error) {
    // Nothing was sent. Another answer will come, from an exception filter for example.
    hook.isFired = false;
    if (headers instanceof ResponseHeaders) headers.restore();
    throw error;
  }
}

/**
 * The headers argument as Node reads it: `writeHead(status[, reason][, headers])`, and the third argument counts whenever
 * the second is no string.
 */
function headersArgument([, second, third]: readonly unknown[]): HeadersArgument | undefined {
  const given = typeof second === 'string' ? third : (third ?? second);
  return typeof given === 'object' && given !== null ? (given as HeadersArgument) : undefined;
}

function argumentsWith(headers: HeadersArgument, [status, reason]: readonly unknown[]): unknown[] {
  return typeof reason === 'string' ? [status, reason, headers] : [status, headers];
}
