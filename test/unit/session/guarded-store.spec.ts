import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GuardedStore } from '../../../lib/session/guarded-store.js';
import { SessionLog } from '../../../lib/session/session-log.js';
import type { SessionStore } from '../../../lib/store/session-store.js';
import { errorOfRejected } from '../../support/errors.js';

const lines: string[] = [];
const log = new SessionLog('test');

beforeEach(() => {
  jest.useFakeTimers();
  lines.length = 0;
  for (const level of ['warn', 'error'] as const) {
    jest.spyOn(log, level).mockImplementation((message) => void lines.push(`${level} ${message}`));
  }
});
afterEach(() => {
  jest.useRealTimers();
});

const STORE = {} as SessionStore;
const guarded = () => new GuardedStore(STORE, 1, log);
const ok = () => Promise.resolve('done');
const never = () => new Promise<string>(() => undefined);
const fails = (reason: unknown) => async (): Promise<string> => {
  throw reason;
};
const throws = () => {
  throw new Error('at once');
};

const UNAVAILABLE = 'ERR_SESSION_STORE_UNAVAILABLE';
const codeOf = async (promise: Promise<unknown>) => (await errorOfRejected(promise)).code;

/** Lets a command miss its deadline. */
async function miss(store: GuardedStore): Promise<void> {
  const missed = codeOf(store.read(never));
  await jest.advanceTimersByTimeAsync(1000);
  expect(await missed).toBe(UNAVAILABLE);
}

describe('GuardedStore', () => {
  it('returns what a command returns, and leaves no timer behind', async () => {
    expect(await guarded().read((store) => Promise.resolve(store === STORE))).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends a command at its deadline and not before', async () => {
    let isEnded = false;
    const ended = codeOf(guarded().write(never)).finally(() => (isEnded = true));
    await jest.advanceTimersByTimeAsync(999);
    expect(isEnded).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(await ended).toBe(UNAVAILABLE);
  });

  it('takes a store that throws like one that rejects', async () => {
    expect(await codeOf(guarded().read(throws))).toBe(UNAVAILABLE);
  });

  it('has a 503 for it that does not show its message', async () => {
    const error: unknown = await guarded()
      .read(fails(new Error('x')))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 503, statusCode: 503, expose: false });
  });

  it('tries with one command at a time once a deadline was missed', async () => {
    const store = guarded();
    await miss(store);
    const asked: string[] = [];
    const ask = (name: string) =>
      store.read(() => {
        asked.push(name);
        return never();
      });
    const all = ['one', 'two', 'three'].map((name) => codeOf(ask(name)));
    expect(await Promise.all(all.slice(1))).toEqual([UNAVAILABLE, UNAVAILABLE]);
    await jest.advanceTimersByTimeAsync(1000);
    expect([await all[0], asked]).toEqual([UNAVAILABLE, ['one']]);
  });

  it('tries again after a trial that has failed, and lets all in after one that has not', async () => {
    const store = guarded();
    await miss(store);
    await miss(store);
    expect(await store.read(ok)).toBe('done');
    expect(await Promise.all([store.read(ok), store.read(ok)])).toEqual(['done', 'done']);
  });

  it('lets others try where a command was rejected: a store that answers is there', async () => {
    const store = guarded();
    expect(await codeOf(store.write(fails(new Error('OOM full'))))).toBe(UNAVAILABLE);
    expect(await Promise.all([store.read(ok), store.read(ok)])).toEqual(['done', 'done']);
  });

  it('logs one line when it goes and one when it is back, for reading and for writing', async () => {
    const store = guarded();
    for (let time = 0; time < 3; time++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await codeOf(store.write(fails(new Error('OOM full'))))).toBe(UNAVAILABLE);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await store.read(ok)).toBe('done');
    }
    await store.write(ok);
    expect(lines).toEqual([
      'error Cannot save sessions: the store answers OOM.',
      'warn Sessions can be saved in the store again.',
    ]);
  });

  it.each([
    [Object.assign(new Error('connect 10.0.0.1:6379'), { code: 'ECONNREFUSED' }), 'answers ECONNREFUSED'],
    [new Error('READONLY You cannot write against a replica'), 'answers READONLY'],
    [Object.assign(new Error('x'), { code: '57P01' }), 'answers 57P01'],
    [Object.assign(new Error('x'), { code: 'user:secret@host' }), 'fails'],
    [new Error('Secret in a message'), 'fails'],
    [undefined, 'fails'],
  ])('logs no more of an error than its code: %s', async (error, cause) => {
    await codeOf(guarded().read(fails(error)));
    expect(lines).toEqual([`error Cannot load sessions: the store ${cause}.`]);
  });
});
