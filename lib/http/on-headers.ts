import { type HeadersArgument, type OutgoingHeaders, ResponseHeaders, writeHeadHeaders } from './outgoing-headers.js';
import type { RawResponse } from './raw-http.js';

/** Adds to the headers of a response just before they are sent. */
export interface HeadersListener {
  /**
   * Must not throw: it runs inside `writeHead` of the response. Called again if `writeHead` fails, as for an invalid
   * header of the application, and another answer follows.
   */
  onHeaders(headers: OutgoingHeaders): void;
}

type WriteHead = (this: RawResponse, ...args: unknown[]) => RawResponse;

/** The state of a hooked response. */
interface Hook {
  readonly response: RawResponse;
  /** The `writeHead` that other software has set on this response; `undefined` for that of the prototype. */
  readonly previous: WriteHead | undefined;
  listeners: readonly HeadersListener[];
  /** Whether the listeners have been called: the headers are being sent. */
  isFired: boolean;
}

/** A symbol, because it is visible through a wrapper of the response: a proxy, or an object that inherits from it. */
const HOOK = Symbol('nestjs-sessions.hook');

interface MaybeHooked {
  [HOOK]?: Hook;
  writeHead: WriteHead;
}

/**
 * Calls `listener` just before the headers of a response are sent.
 *
 * Every answer passes through `writeHead`, on Express, on Fastify, in Node's own responses and in those of HTTP/2:
 * unless the application calls it, `end()`, `write()` and `flushHeaders()` do. It is set on the response and not on a
 * prototype: a response passed on to another application gets the prototype of that application. All responses share
 * one function: one function each costs V8 3 to 8 % of a request on Fastify.
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

/** Whether the headers of a response have been sent, or are being sent: nothing can be added any more. */
export function areHeadersSent(response: RawResponse): boolean {
  return response.headersSent || (response as unknown as MaybeHooked)[HOOK]?.isFired === true;
}

function writeHead(this: RawResponse, ...args: unknown[]): RawResponse {
  const hook = (this as unknown as MaybeHooked)[HOOK];
  const next = hook?.previous ?? (Object.getPrototypeOf(hook?.response ?? this) as MaybeHooked).writeHead;
  // A wrapper may call `writeHead` again from within; Node itself throws if the headers have been sent.
  if (hook === undefined || hook.isFired || hook.response.headersSent) return next.apply(this, args);
  hook.isFired = true;
  const given = headersArgument(args);
  const headers = given === undefined ? new ResponseHeaders(hook.response) : writeHeadHeaders(hook.response, given);
  try {
    for (const listener of hook.listeners) listener.onHeaders(headers);
    return next.apply(this, headers instanceof ResponseHeaders ? args : argumentsWith(headers.argument, args));
  } catch (error) {
    // Nothing was sent: another answer follows, for example from an exception filter.
    hook.isFired = false;
    if (headers instanceof ResponseHeaders) headers.restore();
    throw error;
  }
}

/**
 * The headers argument as Node reads it, `writeHead(status[, reason][, headers])`: the third argument counts even if
 * the second is not a string.
 */
function headersArgument([, second, third]: readonly unknown[]): HeadersArgument | undefined {
  const given = typeof second === 'string' ? third : (third ?? second);
  return typeof given === 'object' && given !== null ? (given as HeadersArgument) : undefined;
}

function argumentsWith(headers: HeadersArgument, [status, reason]: readonly unknown[]): unknown[] {
  return typeof reason === 'string' ? [status, reason, headers] : [status, headers];
}
