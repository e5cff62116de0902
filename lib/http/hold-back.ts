import {
  type Call,
  type DepartureListener,
  type Hold,
  HOLD,
  type MaybeHeld,
  type Method,
  METHODS,
  type Methods,
} from './hold.js';
import { lookSent } from './look-sent.js';
import { checkHeaders, refuseHeaders } from './probe-headers.js';
import type { RawResponse } from './raw-http.js';
import { refusesBody } from './refused-body.js';
import { fail, pass, refuse, release, resultOf } from './release-hold.js';

/**
 * Has a response wait for `listener` before it leaves, on whatever path: nothing of it, neither headers nor body, is sent
 * before the promise of `onDeparture` is fulfilled.
 *
 * The calls of `writeHead`, `write`, `end` and `flushHeaders` are kept and made when that is the case, so each kind of response
 * makes its headers as always: those of HTTP/1 and HTTP/2 and of `inject()`. Meanwhile the response says what its caller
 * expects: `headersSent` is true, `setHeader` throws, `write` returns false and a `'drain'` follows. All responses share the
 * functions.
 *
 * Call it without a listener when the request arrives: in `response.end(session.get('text'))` the method is looked up before the
 * session is used, and what is installed then is too late.
 */
export function holdBack(response: RawResponse, listener?: DepartureListener): void {
  const target = response as unknown as MaybeHeld;
  const hold = target[HOLD];
  if (hold !== undefined) {
    if (listener !== undefined) hold.listeners = [...hold.listeners, listener];
    return;
  }
  const previous: Partial<Methods> = {};
  for (const method of METHODS) if (Object.hasOwn(target, method)) previous[method] = target[method];
  target[HOLD] = {
    response,
    previous,
    listeners: listener === undefined ? [] : [listener],
    state: 'open',
    calls: [],
    isEnding: false,
    error: undefined,
    left: undefined,
    gates: SHARED,
    waits,
  };
  Object.assign(target, SHARED);
}

/** Whether the original methods of a response are running: its listeners were asked already. */
export function isLeaving(response: RawResponse): boolean {
  return (response as unknown as MaybeHeld)[HOLD]?.state === 'leaving';
}

/** Whether a response that is held has left as it was, once that is known; `undefined` where it is not held. */
export function whenLeft(response: RawResponse): Promise<boolean> | undefined {
  const hold = (response as unknown as MaybeHeld)[HOLD];
  return hold?.state === 'held' ? hold.left : undefined;
}

const SHARED = Object.fromEntries(METHODS.map((method) => [method, gateOf(method)])) as Methods;

function gateOf(method: Method): Call {
  return function (...args) {
    const hold = (this as unknown as MaybeHeld)[HOLD];
    // Without a hold, our function was copied to another object.
    if (hold === undefined) return (Object.getPrototypeOf(this) as Methods)[method].apply(this, args);
    if (hold.state === 'failed') return refuse(hold, method, this, args);
    if ((isOpen(hold) || hold.state === 'held') && refusesBody(hold, method, args)) return resultOf(method, this);
    if (waits(hold, method, this, args)) return resultOf(method, this);
    const result = pass(hold, method, this, args);
    // A handler that answers by hand may not know of the error, and writing after the end would break the process.
    const failed = method === 'end' ? hold.listeners.find(({ failure }) => failure !== undefined) : undefined;
    if (failed !== undefined) {
      hold.state = 'failed';
      hold.error = failed.failure;
    }
    return result;
  };
}

function isOpen({ state, response }: Hold): boolean {
  return state === 'open' && !response.headersSent;
}

function waits(hold: Hold, method: Method, self: RawResponse, args: unknown[]): boolean {
  if (isOpen(hold)) depart(hold, method, args);
  if (hold.state !== 'held') return false;
  keep(hold, method, self, args);
  return true;
}

/** Asks the listeners whether the response may leave. */
function depart(hold: Hold, method: Method, args: readonly unknown[]): void {
  const { response } = hold;
  const waiting = hold.listeners.map((listener) => listener.onDeparture()).filter((each) => each !== undefined);
  if (waiting.length === 0) return;
  const all = allOf(waiting);
  // This answer is not sent: what was begun is reported by the next one.
  checkHeaders(response, method, args, () => void all.catch(() => undefined));
  hold.state = 'held';
  const lookOpen = lookSent(response, () => hold.isEnding);
  const settle = (then: (hold: Hold) => boolean) => {
    lookOpen();
    return then(hold);
  };
  hold.left = all
    .then(
      () => settle(release),
      (error: unknown) => settle(() => fail(hold, error)),
    )
    .catch(() => {
      // Nothing of a response that cannot even be replaced is sent: an unhandled rejection would end the process.
      response.destroy();
      return false;
    });
}

/** Like `Promise.all`, but waits for the others as well: what replaces a response must know what each has come to. */
async function allOf(promises: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(promises)) if (result.status === 'rejected') throw result.reason;
}

function keep(hold: Hold, method: Method, self: RawResponse, args: unknown[]): void {
  if (method === 'writeHead' && hold.calls.length > 0) refuseHeaders();
  hold.calls.push([method, self, method === 'writeHead' ? args.map(headersNow) : args]);
  hold.isEnding ||= method === 'end';
}

/** The headers that `writeHead` is given, as they are now: the application may go on with them, in its next response as well. */
function headersNow(argument: unknown): unknown {
  if (typeof argument !== 'object' || argument === null || Array.isArray(argument)) return listNow(argument);
  return Object.fromEntries(Object.entries(argument).map(([name, value]) => [name, listNow(value)]));
}

function listNow(value: unknown): unknown {
  return Array.isArray(value) ? value.map(listNow) : value;
}
