import { type Hold, type Method, type Methods, whileLeaving } from './hold.js';
import { sendInstead, sendLate } from './on-headers.js';
import type { RawResponse } from './raw-http.js';
import { replacementFor } from './replacement.js';

/** Makes a call as if we were not there. */
export function pass(hold: Hold, method: Method, self: RawResponse, args: unknown[]): unknown {
  const call = hold.previous[method] ?? (Object.getPrototypeOf(hold.response) as Methods)[method];
  // Node makes the headers from within write() and end(): they were asked for already.
  return whileLeaving(hold, () => call.apply(self, args));
}

/** Makes a call that was kept. */
function make(hold: Hold, method: Method, self: RawResponse, args: unknown[]): unknown {
  const call = () => pass(hold, method, self, args) as RawResponse;
  return method === 'writeHead' ? sendLate(self, args, call) : call();
}

/** @returns whether the response has left as it was */
export function release(hold: Hold): boolean {
  const { calls, response } = hold;
  hold.calls = [];
  hold.state = 'open';
  try {
    hold.state = 'leaving';
    const results = calls.map(([method, self, args]) => [method, make(hold, method, self, args)] as const);
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
export function fail(hold: Hold, error: unknown): false {
  const { response, calls } = hold;
  hold.calls = [];
  hold.error = error;
  if (response.headersSent || response.destroyed) {
    hold.state = 'failed';
    response.destroy();
    return false;
  }
  const { head, body } = replacementFor(response, error);
  // What is added to the headers now is of those that have not failed.
  hold.state = 'leaving';
  sendInstead(response, (...args) => pass(hold, 'writeHead', response, args) as RawResponse, [...head]);
  pass(hold, 'end', response, [body]);
  hold.state = 'failed';
  for (const [method, self, args] of calls) refuse(hold, method, self, args);
  return false;
}

/** A call after we have answered: nothing is sent, and nothing breaks, as writing after the end would. */
export function refuse(hold: Hold, method: Method, self: RawResponse, args: readonly unknown[]): unknown {
  const callback = args.at(-1);
  if (typeof callback === 'function') process.nextTick(callback, hold.error);
  return resultOf(method, self);
}

export function resultOf(method: Method, self: RawResponse): unknown {
  switch (method) {
    case 'write':
      return false;
    case 'flushHeaders':
      return undefined;
    default:
      return self;
  }
}
