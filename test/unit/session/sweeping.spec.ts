import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { memoryStore, type SessionStore } from 'nestjs-sessions/store';
import { parseStore } from '../../../lib/options/store-options.js';
import { sessionOption } from '../../../lib/options/option-errors.js';
import { SessionLog } from '../../../lib/session/session-log.js';
import { sweepRegularly } from '../../../lib/session/sweeping.js';

const log = new SessionLog('test');
const warnings: string[] = [];

beforeEach(() => {
  jest.useFakeTimers();
  warnings.length = 0;
  jest.spyOn(log, 'warnOnce').mockImplementation((message) => void warnings.push(message));
});
afterEach(() => {
  jest.useRealTimers();
});

/** A store whose sweeps remove so many sessions, one after the other. */
function storeWith(...counts: number[]) {
  const limits: number[] = [];
  const sweep = (limit: number) => {
    limits.push(limit);
    return Promise.resolve(counts.shift() ?? 0);
  };
  return { limits, store: Object.assign(Object.create(memoryStore()) as SessionStore, { sweep }) };
}

const settingsOf = (store: SessionStore, sweepEvery: number | false = 10) =>
  parseStore({ store, sweepEvery }, sessionOption);

describe('sweepRegularly', () => {
  it('sweeps at intervals that vary by a tenth', async () => {
    const { store, limits } = storeWith();
    const stop = sweepRegularly(settingsOf(store), log);
    await jest.advanceTimersByTimeAsync(8999);
    expect(limits).toEqual([]);
    await jest.advanceTimersByTimeAsync(2001);
    expect(limits).toEqual([1000]);
    await jest.advanceTimersByTimeAsync(11_000);
    expect(limits).toEqual([1000, 1000]);
    stop();
  });

  it('goes on while a sweep has removed as many as it may', async () => {
    const { store, limits } = storeWith(1000, 1000, 999);
    const stop = sweepRegularly(settingsOf(store), log);
    await jest.advanceTimersByTimeAsync(11_000);
    expect(limits).toEqual([1000, 1000, 1000]);
    stop();
  });

  it('warns of no sweep that fails after it was stopped', async () => {
    const failing = new EventEmitter();
    const sweep = () => once(failing, 'end').then(() => Promise.reject(new Error('The client is closed')));
    const store = Object.assign(Object.create(memoryStore()) as SessionStore, { sweep });
    const stop = sweepRegularly(settingsOf(store), log);
    await jest.advanceTimersByTimeAsync(11_000);
    stop();
    failing.emit('end');
    await jest.advanceTimersByTimeAsync(11_000);
    expect([warnings, jest.getTimerCount()]).toEqual([[], 0]);
  });

  it('stops', async () => {
    const { store, limits } = storeWith();
    sweepRegularly(settingsOf(store), log)();
    await jest.advanceTimersByTimeAsync(100_000);
    expect([limits, jest.getTimerCount()]).toEqual([[], 0]);
  });

  it('sweeps again after a failure, which is logged', async () => {
    const { store, limits } = storeWith();
    const sweep = store.sweep.bind(store);
    let isDown = true;
    store.sweep = (limit) => (isDown ? Promise.reject(new Error('secret')) : sweep(limit));
    const stop = sweepRegularly(settingsOf(store), log);
    await jest.advanceTimersByTimeAsync(11_000);
    isDown = false;
    await jest.advanceTimersByTimeAsync(11_000);
    expect([warnings.length, warnings.join('').includes('secret'), limits]).toEqual([1, false, [1000]]);
    stop();
  });

  it('does nothing where it is turned off, or the engine expires by itself', () => {
    const { store } = storeWith();
    sweepRegularly(settingsOf(store, false), log);
    Reflect.set(store, 'sweep', undefined);
    sweepRegularly(settingsOf(store), log);
    expect(jest.getTimerCount()).toBe(0);
  });
});
