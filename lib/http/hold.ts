import type { RawResponse } from './raw-http.js';

/** Has something to do before a response may leave. */
export interface DepartureListener {
  /**
   * Called before the headers are made. Must not throw.
   *
   * @returns `undefined` where the response may leave; otherwise a promise that it waits for. Where that is rejected, the
   * response is replaced by one of the error's `status`, 500 by default, that carries none of it
   */
  onDeparture(): Promise<void> | undefined;
  /** Why it could not be done, which the response then reports: after its end, nothing of the application may follow. */
  readonly failure: unknown;
  /** Told of an error that came too late to be thrown: the headers of a response that had waited were not possible. */
  onFailure(error: unknown): void;
}

/** The methods by which a response leaves. */
export const METHODS = ['writeHead', 'write', 'end', 'flushHeaders'] as const;
export type Method = (typeof METHODS)[number];
export type Call = (this: RawResponse, ...args: unknown[]) => unknown;
export type Methods = Record<Method, Call>;

/**
 * The state of a response: `open`, `leaving` while the original methods run, `held`, or `failed`: answered by us, so that
 * nothing of the application may follow.
 */
export interface Hold {
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
  /** Our methods, which are set on the response. */
  readonly gates: Methods;
  /** Keeps a call that has to wait until the response is released. @returns whether it has to */
  readonly waits: (hold: Hold, method: Method, self: RawResponse, args: unknown[]) => boolean;
}

/** Runs what sends the response, without asking the listeners once more. */
export function whileLeaving<T>(hold: Hold, run: () => T): T {
  const before = hold.state;
  hold.state = 'leaving';
  try {
    return run();
  } finally {
    if (hold.state === 'leaving') hold.state = before;
  }
}

/** A symbol and no WeakMap: a proxy of the response, or an object that inherits from it, must find it too. */
export const HOLD = Symbol('nestjs-sessions.hold');

export type MaybeHeld = { [HOLD]?: Hold } & Methods;
