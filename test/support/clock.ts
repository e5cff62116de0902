import { afterEach, jest } from '@jest/globals';

/** Everything that Jest could fake but `Date`: sockets need the rest. */
const REAL = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

/**
 * When the clock starts: 2060-01-01T00:00:00Z, a NumericDate. In the future, because a Redis server has a clock of its own and
 * would forget at once what has ended by that.
 */
export const START = 2_840_140_800;

/** Stops the clock at `START` for the rest of the test. */
export function stopClock(): void {
  jest.useFakeTimers({ doNotFake: [...REAL], now: START * 1000 });
}

/** Sets the clock to so many seconds after `START`. */
export function setClock(seconds: number): void {
  jest.setSystemTime((START + seconds) * 1000);
}

/**
 * Lets a little more than a tenth of the usual lifetime pass on the stopped clock: a session that changes then is extended, so
 * that its cookie is sent, also with a store.
 */
export function passTenth(): void {
  jest.setSystemTime(Date.now() + 130_000_000);
}

afterEach(() => {
  jest.useRealTimers();
});
