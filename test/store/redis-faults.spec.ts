import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { EventEmitter, once } from 'node:events';
import { redisStore, type SessionStore } from '../../lib/store/index.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { CALLS, DELETIONS, rejection, session, untilAnswered, WRITES } from './support/calls.js';
import { itSurvivesLateCommands } from './support/late-commands.js';
import { CLIENTS, NAMES, type OpenClient } from './support/redis-clients.js';
import { describeWith } from './support/with-server.js';

describeWith('redis-server', 'redisStore() in an outage', () => {
  let server: RedisServer;
  let direct: Redis;

  beforeAll(async () => {
    server = await startRedis();
    direct = new Redis({ port: server.port, retryStrategy: () => 20 });
    direct.on('error', () => {});
  });

  afterAll(async () => {
    direct.disconnect();
    await server.stop();
  });

  describe.each(NAMES)('with %s', (name) => {
    let proxy: TcpProxy;
    let open: OpenClient;
    let store: SessionStore;

    beforeEach(async () => {
      await direct.flushall();
      proxy = await TcpProxy.start(server.port);
      open = CLIENTS[name](proxy.port);
      await open.ready;
      store = redisStore(open.client);
      await store.create('key', session(), 0);
    });

    afterEach(async () => {
      open.close();
      await proxy.stop();
    });

    it.each(CALLS)('%s rejects where the connection is cut before it is answered', async (_, call) => {
      proxy.mode = 'hold';
      const sent = proxy.nextBytes();
      const answer = rejection(call(store));
      await sent;
      proxy.cut();
      expect(await answer).not.toBe('');
    });

    it.each(CALLS)('%s rejects where the connection is cut in the middle of the answer', async (_, call) => {
      proxy.mode = 'answer-partly';
      const answered = proxy.nextBytes();
      const answer = rejection(call(store));
      await answered;
      proxy.cut();
      expect(await answer).not.toBe('');
    });

    it.each(CALLS)('%s waits for a server that is stopped, and rejects where that is killed', async (_, call) => {
      server.process.signal('SIGSTOP');
      const sent = proxy.nextBytes();
      const settled = { is: false };
      const answer = rejection(call(store)).finally(() => (settled.is = true));
      await sent;
      expect(settled.is).toBe(false);
      await server.process.end('SIGKILL');
      expect(await answer).not.toBe('');
      expect(await rejection(call(store))).not.toBe('');
      await server.process.start();
      await untilAnswered(store);
      expect(await store.load('key')).toMatchObject({ text: '{}', version: 1 });
    });

    it('rejects by the time limit of the client where the server hangs, and works again by itself', async () => {
      const limited = CLIENTS[name](proxy.port, { commandTimeout: 300 });
      await limited.ready;
      proxy.mode = 'hold';
      expect(await rejection(redisStore(limited.client).save('key', session(), false))).not.toBe('');
      await proxy.release();
      await untilAnswered(redisStore(limited.client));
      limited.close();
    });

    it.each([...WRITES, ...DELETIONS])('%s rejects on a server that is read-only', async (_, call) => {
      await direct.replicaof('127.0.0.1', '1');
      expect(await rejection(call(store))).toContain('READONLY');
      await direct.replicaof('NO', 'ONE');
      expect(await store.load('key')).toMatchObject({ text: '{}', version: 1 });
    });

    it.each(WRITES)('%s rejects on a server whose memory is full', async (_, call) => {
      await direct.config('SET', 'maxmemory', '1');
      expect(await rejection(call(store))).toContain('OOM');
      expect(await store.load('key')).toMatchObject({ text: '{}', version: 1 });
      expect(await store.listOf('tom')).toHaveLength(1);
      await direct.config('SET', 'maxmemory', '0');
    });

    it.each(DELETIONS.slice(0, 1))('%s works on a server whose memory is full', async (_, call) => {
      await direct.config('SET', 'maxmemory', '1');
      await call(store);
      expect(await store.load('key')).toBeUndefined();
      await direct.config('SET', 'maxmemory', '0');
    });

    it('rejects everything while the server loads its data', async () => {
      await server.process.end('SIGKILL');
      await server.process.start(['--key-load-delay', '500000'], 'Server initialized');
      for (const [, call] of CALLS) expect(await rejection(call(store))).not.toBe('');
      await server.process.end('SIGKILL');
      await server.process.start();
      await untilAnswered(store);
      expect(await store.load('key')).toMatchObject({ text: '{}', version: 1 });
    });

    itSurvivesLateCommands(() => ({ proxied: store, direct: redisStore(direct), proxy }));
  });

  it.each(NAMES)('with %s tells of deletions again when the server is back', async (name) => {
    const open = CLIENTS[name](server.port);
    await open.ready;
    const store = redisStore(open.client);
    const deletions = new EventEmitter();
    const told = once(deletions, 'keys');
    const stop = await store.subscribe?.((keys) => void deletions.emit('keys', keys));
    await server.process.end('SIGKILL');
    await server.process.start();
    await untilAnswered(store);
    // Who listens connects again by itself: until then its messages are lost.
    while ((await direct.publish('session:deleted', 'probe')) === 0) await direct.ping();
    expect(await told).toEqual([['probe']]);
    stop?.();
    open.close();
  });
});
