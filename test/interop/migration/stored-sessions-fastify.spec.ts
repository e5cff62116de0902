import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RedisStore } from 'connect-redis';
import { redisStore, type SessionStore } from 'nestjs-sessions/store';
import { createClient } from 'redis';
import { describeWith } from '../../store/support/with-server.js';
import { startApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';
import { migrated, PEER_SECRET } from '../support/migrated.js';
import { serveFastifySession } from '../support/peer-servers.js';

type Redis = ReturnType<typeof createClient>;
type TakeOver = (app: NestFastifyApplication, client: Redis, secret: string) => Promise<void>;

const DATA = { user: { id: 7, name: 'Ada' }, cart: ['tea'] };

describeWith('redis-server', 'Sessions of @fastify/session in connect-redis', () => {
  let server: RedisServer;
  let redis: Redis;
  let cookie = '';

  beforeAll(async () => {
    server = await startRedis();
    redis = createClient({ url: server.url });
    await redis.on('error', () => {}).connect();
  });

  afterAll(async () => {
    redis.destroy();
    await server.stop();
  });

  /** The cookie of a session of before that has these data. */
  const begin = async (data: object): Promise<string> => {
    const settings = { secret: PEER_SECRET, store: new RedisStore({ client: redis }), cookie: { secure: false } };
    const use = (session: object) => void Object.assign(session, data);
    const browser = new Client(await serveFastifySession(settings, use));
    await browser.get('/');
    return (await browser.cookie('sessionId')) ?? '';
  };

  beforeEach(async () => {
    cookie = await begin(DATA);
  });

  const startOurs = async (store?: SessionStore) => {
    const takeOver = await migrated<TakeOver>('takeOverOnFastify');
    const { client } = await startApp('fastify', {
      session: { ...(store && { store }) },
      controllers: [routes({ read: ({ data }) => JSON.stringify(data), logout: (session) => session.destroy() })],
      configure: (app) => takeOver(app as NestFastifyApplication, redis, PEER_SECRET),
    });
    const browser = client();
    await browser.setCookie('sessionId', cookie);
    return browser;
  };

  const secondsLeft = async () => redis.ttl(`sess:${decodeURIComponent(cookie).split('.')[0]}`);

  it.each(['the cookie', 'a store'])('go on in %s', async (where) => {
    const browser = await startOurs(where === 'a store' ? redisStore(redis) : undefined);
    expect(JSON.parse((await browser.get('/read')).text)).toEqual(DATA);
    expect(await browser.cookieNames()).toEqual(['session']);
    expect(JSON.parse((await browser.get('/read')).text)).toEqual(DATA);
  });

  it('go on for requests that are sent at once', async () => {
    const browser = await startOurs(redisStore(redis));
    const answers = await Promise.all([1, 2, 3, 4].map(() => browser.get('/read')));
    expect(answers.map(({ text }) => JSON.parse(text) as unknown)).toEqual([DATA, DATA, DATA, DATA]);
  });

  it('do not come back after a log-out', async () => {
    const browser = await startOurs(redisStore(redis));
    await browser.get('/read');
    await browser.get('/logout');
    expect((await browser.get('/read')).text).toBe('{}');
  });

  it('end in a minute for a copy of the old cookie', async () => {
    const browser = await startOurs(redisStore(redis));
    expect(await secondsLeft()).toBeGreaterThan(3600);
    await browser.get('/read');
    const left = await secondsLeft();
    expect(left).toBeGreaterThan(30);
    expect(left).toBeLessThanOrEqual(60);
  });

  it('wait where the new session cannot be saved: the old cookie stays for the next request', async () => {
    const failing = new TestStore(redisStore(redis));
    failing.before = (command) => (command === 'create' ? Promise.reject(new Error('no engine')) : undefined);
    const browser = await startOurs(failing);
    expect((await browser.get('/read')).status).toBe(503);
    expect(await browser.cookieNames()).toEqual(['sessionId']);
    expect(await secondsLeft()).toBeGreaterThan(3600);
    failing.before = () => undefined;
    expect(JSON.parse((await browser.get('/read')).text)).toEqual(DATA);
    expect(await browser.cookieNames()).toEqual(['session']);
  });

  it('wait where they are too large for a cookie', async () => {
    cookie = await begin({ text: 'x'.repeat(5000) });
    const browser = await startOurs();
    expect((await browser.get('/read')).status).toBe(500);
    expect(await browser.cookieNames()).toEqual(['sessionId']);
    expect(await secondsLeft()).toBeGreaterThan(3600);
  });

  it('are not taken over with a forged signature', async () => {
    cookie = cookie.replace(/.(?=.$)/, (last) => (last === 'A' ? 'B' : 'A'));
    const browser = await startOurs(redisStore(redis));
    expect((await browser.get('/read')).text).toBe('{}');
  });
});
