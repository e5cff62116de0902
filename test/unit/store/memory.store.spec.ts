import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { storeContract } from 'nestjs-sessions/testing';
import { memoryStore, type SessionStore, type StoredSession } from '../../../lib/store/index.js';
import { errorOf } from '../../support/errors.js';

const NOW = 1_800_000_000;

describe('memoryStore()', () => {
  describe('meets the contract', () => {
    for (const { name, run } of storeContract(memoryStore())) it(name, run);
  });

  describe('with a clock', () => {
    beforeEach(() => {
      jest.useFakeTimers({ now: NOW * 1000 });
    });

    afterEach(() => {
      jest.useRealTimers();
    });

    it('ends a session to the millisecond', async () => {
      const store = memoryStore();
      await store.create('key', session({ expiresAt: NOW + 10 }), NOW);
      jest.setSystemTime((NOW + 10) * 1000 - 1);
      expect(await store.load('key')).toEqual(session({ expiresAt: NOW + 10 }));
      jest.setSystemTime((NOW + 10) * 1000);
      expect(await store.load('key')).toBeUndefined();
    });

    it('sweeps a session away from the moment on in which it ends', async () => {
      const store = memoryStore();
      await store.create('key', session({ expiresAt: NOW + 10 }), NOW);
      jest.setSystemTime((NOW + 10) * 1000 - 1);
      expect(await store.sweep?.(10)).toBe(0);
      jest.setSystemTime((NOW + 10) * 1000);
      expect(await store.sweep?.(10)).toBe(1);
    });

    it('holds back log-ins for a minute after a revocation', async () => {
      const store = memoryStore();
      const logIn = async () => store.create('key', session({ subject: 'tom' }), NOW - 1);
      await store.deleteAllOf('tom', NOW);
      jest.setSystemTime((NOW + 60) * 1000 - 1);
      expect(await logIn()).toBe('revoked');
      jest.setSystemTime((NOW + 60) * 1000);
      expect(await logIn()).toBe('created');
    });

    it('forgets revocations after a minute, so that they take no memory for ever', async () => {
      const store = memoryStore();
      await store.deleteAllOf('tom', NOW);
      jest.setSystemTime((NOW + 60) * 1000);
      await store.deleteAllOf('amy', NOW + 60);
      // Back in time: only what is still remembered holds anything back.
      jest.setSystemTime(NOW * 1000);
      expect(await store.create('key', session({ subject: 'tom' }), NOW)).toBe('created');
    });
  });

  it('forgets the session that was written longest ago where there is one more than its limit', async () => {
    const store = memoryStore({ limit: 3 });
    for (const key of ['a', 'b', 'c']) await store.create(key, session(), NOW);
    expect(await store.save('a', session(), false)).toBe('saved');
    expect(await store.touch('b', NOW, Infinity)).toBe(true);
    await store.create('d', session(), NOW);
    expect(await keysIn(store, 'abcd')).toEqual(['a', 'b', 'd']);
    await store.create('e', session(), NOW);
    expect(await keysIn(store, 'abcde')).toEqual(['b', 'd', 'e']);
  });

  it('keeps one session where its limit is 1', async () => {
    const store = memoryStore({ limit: 1 });
    for (const key of ['a', 'b']) await store.create(key, session(), NOW);
    expect(await keysIn(store, 'ab')).toEqual(['b']);
  });

  it('tells nothing where nothing was deleted', async () => {
    const store = memoryStore();
    const listener = jest.fn();
    await store.subscribe?.(listener);
    await store.create('key', session({ subject: 'tom' }), NOW);
    await store.delete('other');
    await store.deleteAllOf('amy', NOW);
    expect(listener).not.toHaveBeenCalled();
    await store.deleteAllOf('tom', NOW);
    expect(listener.mock.calls).toEqual([[['key']]]);
  });

  it('keeps a copy that the application cannot change', async () => {
    const store = memoryStore();
    const given = { ...session() };
    await store.create('key', given, NOW);
    given.text = 'changed';
    const loaded = await store.load('key');
    expect(loaded?.text).toBe('{}');
    expect(Object.isFrozen(loaded)).toBe(true);
  });

  it.each([0, 1.5, -1, NaN, '10'])('refuses a limit of %p', (limit) => {
    expect(errorOf(() => memoryStore({ limit: limit as number }))).toEqual({
      code: 'ERR_SESSION_OPTION_INVALID',
      message: 'Cannot use the option "limit" of memoryStore(): its value is not possible. Give a whole number from 1.',
    });
  });

  it('warns once in production', () => {
    const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
    const { NODE_ENV } = process.env;
    try {
      memoryStore();
      expect(warn).not.toHaveBeenCalled();
      process.env.NODE_ENV = 'production';
      memoryStore();
      memoryStore();
      expect(warn.mock.calls).toEqual([
        [
          expect.stringMatching(/^memoryStore\(\) is for samples and tests: .*redisStore/),
          { code: 'SESSION_MEMORY_STORE' },
        ],
      ]);
    } finally {
      process.env.NODE_ENV = NODE_ENV;
      warn.mockRestore();
    }
  });
});

function session(differences: Partial<StoredSession> = {}): StoredSession {
  return { text: '{}', version: 1, createdAt: NOW, seenAt: NOW, expiresAt: Infinity, ...differences };
}

async function keysIn(store: SessionStore, keys: string): Promise<string[]> {
  const loaded = await Promise.all(
    Array.from(keys).map(async (key) => ((await store.load(key)) === undefined ? [] : [key])),
  );
  return loaded.flat();
}
