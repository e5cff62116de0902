import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { createClient, RESP_TYPES, TimeoutError } from 'redis';
import { type RedisClient, redisStore, type StoredSession } from '../../lib/store/index.js';
import { CREATE, FORGET } from '../../lib/store/redis-scripts.js';
import { errorOf } from '../support/errors.js';
import { freePort } from '../support/programs.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { meetsRedisContract } from './support/redis-contract.js';
import { CLIENTS, NAMES } from './support/redis-clients.js';
import { describeWith } from './support/with-server.js';

for (const program of ['redis-server', 'valkey-server']) {
  describeWith(program, `redisStore() on ${program}`, () => {
    let server: RedisServer;

    beforeAll(async () => {
      server = await startRedis([], program);
    });

    afterAll(async () => server.stop());

    describe.each(NAMES)('with %s meets the contract', (name) => {
      const connect = CLIENTS[name];
      meetsRedisContract(
        () => connect(server.port),
        async () => connect(await freePort()),
      );
    });
  });
}

describeWith('redis-server', 'redisStore()', () => {
  let server: RedisServer;
  let redis: Redis;

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis({ port: server.port });
  });

  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('leaves no key that does not expire: sessions and index a minute after the session', async () => {
    await redis.flushall();
    const store = redisStore(redis);
    const { expiresAt } = session();
    await store.create('key', session({ expiresAt: expiresAt + 0.5, subject: 'tom' }), 0);
    await store.create('other', session(), 0);
    await store.deleteAllOf('amy', expiresAt);
    const names = (await redis.keys('*')).toSorted();
    expect(names).toEqual(['session:key', 'session:of:amy', 'session:of:tom', 'session:other']);
    const expiries = await Promise.all(names.map(async (name) => redis.expiretime(name)));
    expect(expiries).toEqual([expiresAt + 61, expiresAt + 60, expiresAt + 61, expiresAt + 60]);
    await store.touch('key', 0, expiresAt + 100);
    expect([await redis.expiretime('session:key'), await redis.expiretime('session:of:tom')]).toEqual([
      expiresAt + 160,
      expiresAt + 160,
    ]);
  });

  it('begins the names of all keys with its prefix', async () => {
    await redis.flushall();
    const store = redisStore(redis, { prefix: 'shop:' });
    await store.create('key', session({ subject: 'tom' }), 0);
    expect((await redis.keys('*')).toSorted()).toEqual(['shop:key', 'shop:of:tom']);
    expect(await redisStore(redis).load('key')).toBeUndefined();
  });

  it('goes by the key prefix of ioredis as well', async () => {
    await redis.flushall();
    const prefixed = new Redis({ port: server.port, keyPrefix: 'app:' });
    const store = redisStore(prefixed);
    await store.create('key', session({ subject: 'tom' }), 0);
    expect((await redis.keys('*')).toSorted()).toEqual(['app:session:key', 'app:session:of:tom']);
    expect(await store.listOf('tom')).toHaveLength(1);
    prefixed.disconnect();
  });

  describe('with a client of node-redis', () => {
    it('gets texts from one that has bytes for the application', async () => {
      const client = await connectedTo(server, {
        commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
      });
      const store = redisStore(client);
      await store.create('bytes', session({ subject: 'bob' }), 0);
      expect(await store.load('bytes')).toMatchObject({ text: '{}', subject: 'bob' });
      expect(await store.save('bytes', session({ text: 'saved' }), false)).toBe('saved');
      expect(await store.listOf('bob')).toMatchObject([{ key: 'bytes' }]);
      expect(await client.get('none')).toBeNull();
      client.destroy();
    });

    it('has no timer made for a command that is sent at once', async () => {
      const client = await connectedTo(server);
      const timeout = jest.spyOn(AbortSignal, 'timeout');
      await client.get('one of the application');
      expect(timeout).toHaveBeenCalledTimes(1);
      await redisStore(client).load('key');
      expect(timeout).toHaveBeenCalledTimes(1);
      timeout.mockRestore();
      client.destroy();
    });

    it('leaves it to the client how long a command waits for a connection', async () => {
      const socket = { host: '127.0.0.1', port: await freePort(), reconnectStrategy: () => 20 };
      const client = createClient({ socket, commandOptions: { timeout: 30 } }).on('error', () => {});
      const connecting = client.connect().catch(() => {});
      await expect(redisStore(client).load('key')).rejects.toBeInstanceOf(TimeoutError);
      client.destroy();
      await connecting;
    });
  });

  it('sends its scripts again where the server has forgotten them', async () => {
    const store = redisStore(redis);
    await store.create('key', session(), 0);
    await redis.script('FLUSH');
    expect(await store.save('key', session(), false)).toBe('saved');
    await redis.script('FLUSH');
    await store.delete('key');
    expect(await store.load('key')).toBeUndefined();
  });

  describe('its index', () => {
    const tom = { subject: 'tom' };

    it('forgets a session that was deleted, revoked or taken back', async () => {
      await redis.flushall();
      const store = redisStore(redis);
      for (const key of ['deleted', 'revoked']) await store.create(key, session({ ...tom, createdAt: 5 }), 10);
      expect(await redis.zrange('session:of:tom', '0', '-1')).toEqual(['deleted', 'revoked']);
      await store.delete('deleted');
      expect(await redis.zrange('session:of:tom', '0', '-1')).toEqual(['revoked']);
      await store.deleteAllOf('tom', now());
      await store.create('taken back', session(tom), now() - 1);
      expect(await redis.zrange('session:of:tom', '0', '-1')).toEqual(['!']);
    });

    it('forgets a session that a late save or touch does not find', async () => {
      await redis.flushall();
      const store = redisStore(redis);
      expect(await store.save('key', session(tom), true)).toBe('gone');
      await store.create('key', session(tom), 0);
      await redis.del('session:key');
      expect(await store.touch('key', 0, now() + 10)).toBe(false);
      expect(await store.listOf('tom')).toEqual([]);
      expect(await redis.zrange('session:of:tom', '0', '-1')).toEqual([]);
    });

    it('forgets expired sessions when another one is written, and the time of a revocation a minute later', async () => {
      await redis.flushall();
      const store = redisStore(redis);
      await store.create('expired', session({ ...tom, expiresAt: now() - 61 }), 0);
      await redis.zadd('session:of:tom', `${now() - 61}`, '!', `${now() - 61}`, 'other');
      await store.create('key', session(tom), 0);
      // Written with a minute's grace, for its log-in was under way.
      expect(await redis.zrange('session:of:tom', '0', '-1')).toEqual(['expired', 'key']);
    });

    it('keeps a session as long as it lives, where a save that would shorten it is refused', async () => {
      await redis.flushall();
      const store = redisStore(redis);
      const { expiresAt } = session();
      await store.create('key', session({ ...tom, expiresAt }), 0);
      expect(await store.save('key', session({ ...tom, version: 9, expiresAt: expiresAt - 500 }), true)).toBe(
        'conflict',
      );
      expect(await redis.zscore('session:of:tom', 'key')).toBe(`${expiresAt}`);
    });

    it('does not forget a session that is being created while its list is read', async () => {
      const [creation, cleaning] = [gate(), gate()];
      const held = { [CREATE.digest]: creation, [FORGET.digest]: cleaning };
      const store = redisStore(holding(redis, held));
      const created = store.create('slow', session({ subject: 'amy' }), 0);
      await creation.reached;
      const list = store.listOf('amy');
      await cleaning.reached;
      creation.open();
      expect(await created).toBe('created');
      cleaning.open();
      expect(await list).toEqual([]);
      expect(await store.listOf('amy')).toMatchObject([{ key: 'slow' }]);
    });
  });

  it.each([undefined, null, {}, 'redis://localhost', { get: () => {} }])('refuses %p as a client', (client) => {
    expect(errorOf(() => redisStore(client as unknown as RedisClient))).toEqual({
      code: 'ERR_SESSION_OPTION_INVALID',
      message:
        'Cannot use the client of redisStore(): it has neither call() nor sendCommand(). ' +
        'Give a client of ioredis, iovalkey or redis.',
    });
  });
});

function now(): number {
  return Date.now() / 1000;
}

function session(differences: Partial<StoredSession> = {}): StoredSession {
  const start = Math.floor(now());
  return { text: '{}', version: 1, createdAt: start, seenAt: start, expiresAt: start + 1000, ...differences };
}

interface Gate {
  /** Ends when something waits. */
  readonly reached: Promise<void>;
  readonly wait: () => Promise<void>;
  readonly open: () => void;
}

function gate(): Gate {
  let [arrive, open] = [() => {}, () => {}];
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  const wait = async () => {
    arrive();
    await opened;
  };
  return { reached, wait, open };
}

/** A client whose scripts wait, by their digests. */
function holding(redis: Redis, gates: Readonly<Record<string, Gate>>): RedisClient {
  const call = async (command: string, ...args: string[]) => {
    await gates[args[0] ?? '']?.wait();
    return redis.call(command, ...args);
  };
  return { call, duplicate: () => redis.duplicate() };
}

async function connectedTo({ port }: RedisServer, options: Parameters<typeof createClient>[0] = {}) {
  const client = createClient({ socket: { host: '127.0.0.1', port }, ...options }).on('error', () => {});
  return client.connect();
}
