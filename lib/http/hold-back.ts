import { type IncomingMessage, ServerResponse } from 'node:http';
import type { RawResponse } from './raw-http.js';
import { replacementFor } from './replacement.js';

/** Has something to do before a response may leave. */
export interface DepartureListener {
  /**
   * Called before the headers are made. Must not throw.
   *
   * @returns `undefined` where the response may leave; otherwise a promise that it waits for. Where that is rejected, the
   * response is replaced by one of the error's `status`, 500 by default, that carries none of it
   */
  onDeparture(): Promise<void> | undefined;
  /** Whether the response reports that it could not be done: after its end, nothing of the application may follow. */
  readonly hasFailed: boolean;
  /** Told of an error that came too late to be thrown: the headers of a response that had waited were not possible. */
  onFailure(error: unknown): void;
}

/** The methods by which a response leaves. */
const METHODS = ['writeHead', 'write', 'end', 'flushHeaders'] as const;
type Method = (typeof METHODS)[number];
type Call = (this: RawResponse, ...args: unknown[]) => unknown;
type Methods = Record<Method, Call>;

/**
 * The state of a response: `open`, `leaving` while the original methods run, `held`, or `failed`: answered by us, so that
 * nothing of the application may follow.
 */
interface Hold {
  readonly response: RawResponse;
  /** The methods that other software has set on this response. */
  readonly previous: Partial<Methods>;
  listeners: readonly DepartureListener[];
  state: 'open' | 'leaving' | 'held' | 'failed';
  /** The calls that wait, in order: one list, as a handler may write thousands of rows. */
  calls: (readonly [method: Method, self: RawResponse, args: unknown[]])[];
  /** Whether one of them is `end`. */
  isEnding: boolean;
  error: unknown;
  /** While it is held: whether it has left as it was, and was not replaced. */
  left: Promise<boolean> | undefined;
}

/** A symbol and no WeakMap: a proxy of the response, or an object that inherits from it, must find it too. */
const HOLD = Symbol('nestjs-sessions.hold');

type MaybeHeld = { [HOLD]?: Hold } & Methods;

/**
 * Has a response wait for `listener` before it leaves, on whatever path: nothing of it, neither headers nor body, is sent
 * before the promise of `onDeparture` is fulfilled.
 *
 * The calls of `writeHead`, `write`, `end` and `flushHeaders` are kept and made when that is the case, so each kind of response
 * makes its headers as always: those of HTTP/1 and HTTP/2 and of `inject()`. Meanwhile the response says what its caller
 * expects: `headersSent` is true, `write` returns false and a `'drain'` follows. All responses share the functions.
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
    if (hold.state === 'open' && !hold.response.headersSent) depart(hold, method, args);
    if (hold.state === 'held') return keep(hold, method, this, args);
    const result = pass(hold, method, this, args);
    // A handler that answers by hand may not know of the error, and writing after the end would break the process.
    if (method === 'end' && hold.listeners.some(({ hasFailed }) => hasFailed)) hold.state = 'failed';
    return result;
  };
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
  Object.defineProperties(response, {
    headersSent: { configurable: true, get: () => true },
    writableEnded: { configurable: true, get: () => hold.isEnding },
  });
  const settle = (then: (hold: Hold) => boolean) => {
    Reflect.deleteProperty(response, 'headersSent');
    Reflect.deleteProperty(response, 'writableEnded');
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

/** What a response has to know of its request to make its headers. */
const PROBED: Partial<IncomingMessage> = { method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 };

/**
 * Throws at this line what Node would throw for impossible headers, which the application may catch and answer: Node itself is
 * asked, by a response that is not sent.
 */
function checkHeaders(response: RawResponse, method: Method, args: readonly unknown[], onImpossible: () => void): void {
  // A response of HTTP/2 has no message, and warns of one that is read.
  const statusMessage = response instanceof ServerResponse ? response.statusMessage : undefined;
  if (method !== 'writeHead' && !statusMessage) return;
  const probe = new ServerResponse(PROBED as IncomingMessage);
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

function keep(hold: Hold, method: Method, self: RawResponse, args: unknown[]): unknown {
  // Older releases of compression make the headers twice where `_header` does not show that they were.
  const isAgain = method === 'writeHead' && hold.calls.length > 0;
  if (!isAgain) hold.calls.push([method, self, args]);
  hold.isEnding ||= method === 'end';
  return resultOf(method, self);
}

/** Makes a call as if we were not there. */
function pass(hold: Hold, method: Method, self: RawResponse, args: unknown[]): unknown {
  const before = hold.state;
  // Node makes the headers from within write() and end(): they were asked for already.
  hold.state = 'leaving';
  try {
    return (hold.previous[method] ?? (Object.getPrototypeOf(hold.response) as Methods)[method]).apply(self, args);
  } finally {
    if (hold.state === 'leaving') hold.state = before;
  }
}

/** @returns whether the response has left as it was */
function release(hold: Hold): boolean {
  const { calls, response } = hold;
  hold.calls = [];
  hold.state = 'open';
  try {
    hold.state = 'leaving';
    const results = calls.map(([method, self, args]) => [method, pass(hold, method, self, args)] as const);
    hold.state = 'open';
    const waitsForDrain = results.some(([method]) => method === 'write') && results.at(-1)?.[1] !== false;
    // Not from within: what a listener throws is the application's.
    if (waitsForDrain && !response.writableEnded) queueMicrotask(() => response.emit('drain'));
    return true;
  } catch (error) {
    for (const listener of hold.listeners) listener.onFailure(error);
    return fail(hold, error);
  }
}

/** Answers in the place of the application. @returns false: the response has not left as it was */
function fail(hold: Hold, error: unknown): false {
  const { response, calls } = hold;
  hold.calls = [];
  hold.error = error;
  hold.state = 'open';
  if (response.headersSent || response.destroyed) {
    hold.state = 'failed';
    response.destroy();
    return false;
  }
  const { head, body } = replacementFor(response, error);
  pass(hold, 'writeHead', response, [...head]);
  pass(hold, 'end', response, [body]);
  hold.state = 'failed';
  for (const [method, self, args] of calls) refuse(hold, method, self, args);
  return false;
}

/** A call after we have answered: nothing is sent, and nothing breaks, as writing after the end would. */
function refuse(hold: Hold, method: Method, self: RawResponse, args: readonly unknown[]): unknown {
  const callback = args.at(-1);
  if (typeof callback === 'function') process.nextTick(callback, hold.error);
  return resultOf(method, self);
}

function resultOf(method: Method, self: RawResponse): unknown {
  switch (method) {
    case 'write':
      return false;
    case 'flushHeaders':
      return undefined;
    default:
      return self;
  }
}
