import { HOLD, type MaybeHeld, whileLeaving } from './hold.js';
import { AddedHeaders, type HeadersArgument, type OutgoingHeaders, writeHeadHeaders } from './outgoing-headers.js';
import type { RawResponse } from './raw-http.js';

/** Adds to the headers of a response just before they are sent. */
export interface HeadersListener {
  /**
   * Must not throw: it runs inside `writeHead` of the response. Called again if `writeHead` fails, as for an invalid
   * header of the application, and another answer follows.
   */
  onHeaders(headers: OutgoingHeaders): void;
  /** Called once, when `writeHead` has taken the headers. Must not throw either. */
  onSent?(): void;
}

type WriteHead = (this: RawResponse, ...args: unknown[]) => RawResponse;

/** The state of a hooked response. */
interface Hook {
  readonly response: RawResponse;
  /** The `writeHead` that other software has set on this response; `undefined` for that of the prototype. */
  readonly previous: WriteHead | undefined;
  listeners: readonly HeadersListener[];
  /** Whether the listeners have been called: the headers are being sent. */
  isSending: boolean;
}

/** A symbol and no WeakMap: a proxy of the response, or an object that inherits from it, must find the hook too. */
const HOOK = Symbol('nestjs-sessions.hook');

interface MaybeHooked {
  [HOOK]?: Hook;
  writeHead: WriteHead;
}

/**
 * Calls `listener` just before the headers of a response are sent.
 *
 * Every answer passes through `writeHead`, on Express, on Fastify, in Node's own responses and in those of HTTP/2: the
 * application calls it, or Node does, from `end()`, `write()` or `flushHeaders()`. It is set on the response and not on a
 * prototype: a response passed on to another application gets the prototype of that application. All responses share
 * one function: one function each costs V8 3 to 8 % of a request on Fastify.
 */
export function hookHeaders(response: RawResponse, listener: HeadersListener): void {
  const target = response as unknown as MaybeHooked;
  const hook = target[HOOK];
  if (hook !== undefined) {
    hook.listeners = [...hook.listeners, listener];
    return;
  }
  const previous = Object.hasOwn(target, 'writeHead') ? target.writeHead : undefined;
  target[HOOK] = { response, previous, listeners: [listener], isSending: false };
  target.writeHead = writeHead;
}

/** Whether the headers of a response have been sent, or are being sent: nothing can be added any more. */
export function areHeadersSent(response: RawResponse): boolean {
  return response.headersSent || (response as unknown as MaybeHooked)[HOOK]?.isSending === true;
}

function writeHead(this: RawResponse, ...args: unknown[]): RawResponse {
  const hook = (this as unknown as MaybeHooked)[HOOK];
  const original = originalOf(hook, this);
  // A wrapper may call `writeHead` again from within; Node itself throws if the headers have been sent.
  if (hook === undefined || hook.isSending || hook.response.headersSent) return original.apply(this, args);
  const { [HOLD]: hold } = hook.response as unknown as MaybeHeld;
  // Software that has wrapped `writeHead` in between may change the body, so it has to see the headers at once.
  if (hold === undefined || hold.state === 'failed' || original !== hold.gates.writeHead)
    return send(hook, original, this, args);
  // The headers that the listeners add depend on what the response waits for.
  if (hold.waits(hold, 'writeHead', this, args)) return this;
  return whileLeaving(hold, () => send(hook, original, this, args));
}

/**
 * Sends the headers of an answer in the place of one that could not be sent: the listeners add to them anew, and what other
 * software has set above the hook does not see them, as it may have begun with the answer that is not sent.
 */
export function sendInstead(response: RawResponse, original: WriteHead, args: unknown[]): void {
  const hook = (response as unknown as MaybeHooked)[HOOK];
  if (hook === undefined) original.apply(response, args);
  else send(hook, original, response, args);
}

/** Sends headers that had to wait: by `original` where the listeners have added to them before, or there are none. */
export function sendLate(response: RawResponse, args: unknown[], original: () => RawResponse): RawResponse {
  const hook = (response as unknown as MaybeHooked)[HOOK];
  return hook === undefined || hook.isSending ? original() : writeHead.apply(response, args);
}

function send(hook: Hook, original: WriteHead, self: RawResponse, args: unknown[]): RawResponse {
  hook.isSending = true;
  const { response, listeners } = hook;
  const argument = headersArgument(args);
  const headers = argument && writeHeadHeaders(response, argument);
  const added = new AddedHeaders(response, headers ?? response);
  try {
    for (const listener of listeners) listener.onHeaders(added);
    const result = original.apply(self, headers === undefined ? args : headers.argumentsFrom(args));
    // A response of HTTP/2 whose client has gone sends nothing.
    if (response.headersSent) for (const listener of listeners) listener.onSent?.();
    return result;
  } catch (error) {
    // Nothing was sent: another answer follows, for example from an exception filter.
    if (!response.headersSent) {
      hook.isSending = false;
      added.takeBack();
    }
    throw error;
  }
}

/** The `writeHead` below ours. Without a hook, our function was copied to another object. */
function originalOf(hook: Hook | undefined, response: RawResponse): WriteHead {
  return hook?.previous ?? (Object.getPrototypeOf(hook?.response ?? response) as MaybeHooked).writeHead;
}

/**
 * The headers argument as Node reads it, `writeHead(status[, reason][, headers])`: the third argument counts even if
 * the second is not a string.
 */
function headersArgument([, second, third]: readonly unknown[]): HeadersArgument | undefined {
  const argument = third ?? second;
  return typeof argument === 'object' && argument !== null ? (argument as HeadersArgument) : undefined;
}
