import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import iovalkey from 'iovalkey';
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { createClient } from 'redis';
import { GuardedStore } from '../../lib/session/guarded-store.js';
import { SessionLog } from '../../lib/session/session-log.js';
import { type RedisClient, redisStore } from '../../lib/store/index.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { rejection, session } from './support/calls.js';
import { describeWith } from './support/with-server.js';

const PAGE = readFileSync(new URL('../../docs/store.md', import.meta.url), 'utf8');

/** The settings that docs/store.md gives a client, as they stand there. */
function documented(call: RegExp, url: string): object {
  const [, settings] = call.exec(PAGE) ?? [];
  return runInNewContext(`(${settings})`, { url }) as object;
}

const IOREDIS = /new Redis\(url, (\{.*?\n\})\)/s;
const urlOf = (port: number) => `redis://127.0.0.1:${port}`;

/** What all clients have. */
type Client = RedisClient & {
  on(event: 'error', listener: () => void): unknown;
  once(event: 'ready', listener: () => void): unknown;
  disconnect?(): unknown;
  destroy?(): unknown;
};

const CLIENTS = {
  ioredis: (port: number): Client => new Redis(urlOf(port), documented(IOREDIS, urlOf(port))),
  iovalkey: (port: number): Client => new iovalkey.Redis(urlOf(port), documented(IOREDIS, urlOf(port))),
  'node-redis': (port: number): Client => {
    const client = createClient(documented(/createClient\((\{.*?\n\})\)/s, urlOf(port)));
    void client.connect();
    return client;
  },
};

/** Not by `once()` of node:events, which an error rejects. */
async function ready(client: Client): Promise<void> {
  await new Promise<void>((resolve) => void client.once('ready', () => resolve()));
}

function close(client: Client): void {
  if (client.destroy !== undefined) client.destroy();
  else client.disconnect?.();
}

describeWith('redis-server', 'With the settings of docs/store.md', () => {
  let server: RedisServer;
  let proxy: TcpProxy;

  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(async () => {
    proxy = await TcpProxy.start(server.port);
  });
  afterEach(async () => {
    await proxy.stop();
  });
  afterAll(async () => {
    await server.stop();
  });

  describe.each(Object.keys(CLIENTS) as (keyof typeof CLIENTS)[])('%s', (name) => {
    const connect = async () => {
      const client = CLIENTS[name](proxy.port);
      client.on('error', () => {});
      await ready(client);
      const store = redisStore(client);
      await store.create('key', session(), 0);
      return { client, store };
    };

    it('works again by itself where its connection has gone silent, as behind a firewall that forgets it', async () => {
      const { client, store } = await connect();
      const log = Object.assign(new SessionLog('test'), { warn: () => {}, error: () => {} });
      const guarded = new GuardedStore(store, 1, log);
      proxy.silence();
      const isBack = ready(client);
      // Asked again by the package itself from now on, as it is by default.
      expect(await rejection(guarded.load('key'))).toContain('does not answer');
      await isBack;
      expect(await store.load('key')).toMatchObject({ text: '{}' });
      close(client);
    });
  });

  it('node-redis works again by itself where the server was silent and nobody has asked it', async () => {
    const client = CLIENTS['node-redis'](proxy.port);
    client.on('error', () => {});
    await ready(client);
    proxy.silence();
    await ready(client);
    expect(await redisStore(client).load('other')).toBeUndefined();
    close(client);
  });
});
