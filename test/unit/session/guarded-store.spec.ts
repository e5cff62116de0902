import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { GuardedStore } from '../../../lib/session/guarded-store.js';
import { SessionLog } from '../../../lib/session/session-log.js';
import type { SessionStore } from '../../../lib/store/session-store.js';
import { errorOfRejected } from '../../support/errors.js';

const lines: string[] = [];
const log = new SessionLog('test');

/** Answers the guard's own questions as `probe` does. */
let probe: () => Promise<undefined>;
const STORE = { load: () => probe() } as unknown as SessionStore;
const guarded = () => new GuardedStore(STORE, 1, log);
const ok = () => Promise.resolve('done');
const never = <T = string>() => new Promise<T>(() => undefined);
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
  beforeEach(() => {
    jest.useFakeTimers();
    lines.length = 0;
    probe = never;
    for (const level of ['warn', 'error'] as const) {
      jest.spyOn(log, level).mockImplementation((message) => void lines.push(`${level} ${message}`));
    }
  });

  afterEach(() => {
    jest.useRealTimers();
  });

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

  it('asks a silent store with another key each time: in a cluster, a node that hangs is not all of it', async () => {
    const keys: string[] = [];
    const load = async (key: string) => {
      keys.push(key);
      return never<undefined>();
    };
    await miss(new GuardedStore({ load } as unknown as SessionStore, 1, log));
    await jest.advanceTimersByTimeAsync(2000);
    expect([keys.length, new Set(keys).size]).toEqual([3, 3]);
  });

  it('takes a store that throws like one that rejects', async () => {
    expect(await codeOf(guarded().read(throws))).toBe(UNAVAILABLE);
  });

  it('logs that a command was not answered in time', async () => {
    await miss(guarded());
    expect(lines).toEqual(['error Cannot load sessions: the store does not answer in time.']);
  });

  it('says what to do', async () => {
    const { message } = await errorOfRejected(guarded().read(fails(new Error('x'))));
    expect(message).toMatch(/^Cannot use the session: the store does not answer, or not in time\. Ask again later; /);
  });

  it('has a 503 for it that does not show its message', async () => {
    const error: unknown = await guarded()
      .read(fails(new Error('x')))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 503, statusCode: 503, expose: false });
  });

  it('lets no command wait once a deadline was missed', async () => {
    const store = guarded();
    await miss(store);
    const asked = jest.fn(ok);
    expect(await Promise.all([codeOf(store.read(asked)), codeOf(store.write(asked))])).toEqual([
      UNAVAILABLE,
      UNAVAILABLE,
    ]);
    expect(asked).not.toHaveBeenCalled();
  });

  it('asks one time after another until it is answered, and then lets all in', async () => {
    const probes = jest.fn(never<undefined>);
    probe = probes;
    const store = guarded();
    await miss(store);
    expect(probes).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(2000);
    expect(probes).toHaveBeenCalledTimes(3);
    probes.mockResolvedValue(undefined);
    await jest.advanceTimersByTimeAsync(1000);
    expect(await Promise.all([store.read(ok), store.read(ok)])).toEqual(['done', 'done']);
    expect([probes.mock.calls.length, jest.getTimerCount()]).toEqual([4, 0]);
  });

  it('asks once at a time, however many commands have missed their deadline', async () => {
    const probes = jest.fn(never<undefined>);
    probe = probes;
    const store = guarded();
    const missed = [codeOf(store.read(never)), codeOf(store.read(never))];
    await jest.advanceTimersByTimeAsync(1000);
    expect(await Promise.all(missed)).toEqual([UNAVAILABLE, UNAVAILABLE]);
    expect(probes).toHaveBeenCalledTimes(1);
  });

  it('keeps no process alive by asking', async () => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    await miss(guarded());
    expect(timers.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([true, false]);
  });

  it('stops asking where the store rejects: it is there, and tells at once', async () => {
    probe = fails(new Error('LOADING')) as () => Promise<never>;
    const store = guarded();
    await miss(store);
    await jest.advanceTimersByTimeAsync(0);
    expect([await store.read(ok), jest.getTimerCount()]).toEqual(['done', 0]);
  });

  it('does not ask any more once it is closed, and begins it no more', async () => {
    const probes = jest.fn(never<undefined>);
    probe = probes;
    const store = guarded();
    await miss(store);
    store.close();
    await jest.advanceTimersByTimeAsync(5000);
    expect([probes.mock.calls.length, jest.getTimerCount()]).toEqual([1, 0]);
    const late = guarded();
    const missed = codeOf(late.read(never));
    late.close();
    await jest.advanceTimersByTimeAsync(1000);
    expect([await missed, probes.mock.calls.length, jest.getTimerCount()]).toEqual([UNAVAILABLE, 1, 0]);
  });

  it.each<[string, () => Promise<undefined>]>([
    ['is answered', async () => undefined],
    ['is refused, as by a client that was closed', fails(new Error('closed')) as () => Promise<never>],
  ])('logs nothing of its last question that %s after it is closed', async (_, answer) => {
    const server = new EventEmitter();
    probe = () => once(server, 'go on').then(answer);
    const store = guarded();
    const missed = codeOf(store.write(never));
    await jest.advanceTimersByTimeAsync(1000);
    await missed;
    const before = [...lines];
    store.close();
    server.emit('go on');
    await jest.advanceTimersByTimeAsync(1000);
    expect([lines, jest.getTimerCount()]).toEqual([before, 0]);
  });

  it('serves the last requests once it is closed', async () => {
    const store = guarded();
    store.close();
    expect(await Promise.all([store.read(ok), store.write(ok)])).toEqual(['done', 'done']);
  });

  it('asks again where the store stops answering a second time', async () => {
    const store = guarded();
    probe = ok as unknown as () => Promise<undefined>;
    await miss(store);
    expect(await store.read(ok)).toBe('done');
    probe = never;
    await miss(store);
    expect(await codeOf(store.read(ok))).toBe(UNAVAILABLE);
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
    [Object.assign(new Error('x'), { code: 'at SECRET' }), 'fails'],
    [Object.assign(new Error('x'), { code: 'SECRET at' }), 'fails'],
    [new Error('Secret in a message'), 'fails'],
    [new Error('a SECRET in a message'), 'fails'],
    [undefined, 'fails'],
  ])('logs no more of an error than its code: %s', async (error, cause) => {
    await codeOf(guarded().read(fails(error)));
    expect(lines).toEqual([`error Cannot load sessions: the store ${cause}.`]);
  });
});
