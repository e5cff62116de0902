import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { memoryStore, redisStore, type SessionStore } from 'nestjs-sessions/store';
import { CLIENTS, type OpenClient } from '../../store/support/redis-clients.js';
import { describeWith } from '../../store/support/with-server.js';
import { PLATFORMS, startApp } from '../../support/app.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { routes } from '../../support/routes.js';

/** How many requests regenerate one session at the same time. */
const COUNT = 8;

/** Requests that wait for each other, so that each has loaded the session before one of them ends it. */
class Meeting {
  #resolve: () => void = () => undefined;
  readonly #all = new Promise<void>((resolve) => (this.#resolve = resolve));
  #count = 0;

  async join(): Promise<void> {
    if (++this.#count === COUNT) this.#resolve();
    await this.#all;
  }
}

/** How many of the parallel requests that regenerate a session have one afterwards, and how many sessions there are. */
async function regenerateTogether(platform: (typeof PLATFORMS)[number], store: SessionStore) {
  const meeting = new Meeting();
  const { client } = await startApp(platform, {
    session: { store: { store, timeout: 10, subject: () => 'ada' } },
    controllers: [
      routes({
        begin: (session) => session.set('n', 1),
        regenerate: async (session) => {
          session.regenerate({ keep: ['n'] });
          await meeting.join();
        },
        read: (session) => String(session.get('n')),
      }),
    ],
  });
  const first = client();
  await first.get('/begin');
  const cookie = (await first.cookie()) ?? '';
  const visitors = await Promise.all(
    Array.from({ length: COUNT }, async () => {
      const visitor = client();
      await visitor.setCookie('session', cookie);
      return visitor;
    }),
  );
  const answers = await Promise.all(visitors.map((visitor) => visitor.get('/regenerate')));
  expect(answers.map(({ status }) => status)).toEqual(visitors.map(() => 200));
  const read = await Promise.all(visitors.map(async (visitor) => (await visitor.get('/read')).text));
  return { cookies: answers.filter(({ setCookie }) => setCookie.length > 0).length, read: read.toSorted() };
}

const ONE = { cookies: 1, read: ['1', ...Array.from({ length: COUNT - 1 }, () => 'undefined')] };
const TITLE =
  'of parallel requests that regenerate a session and keep a value exactly one has a session afterwards: on %s';

describe('memoryStore()', () => {
  it.each(PLATFORMS)(TITLE, async (platform) => {
    expect(await regenerateTogether(platform, memoryStore())).toEqual(ONE);
  });
});

describeWith('redis-server', 'redisStore()', () => {
  let server: RedisServer;
  let open: OpenClient;

  beforeAll(async () => {
    server = await startRedis();
    open = CLIENTS.ioredis(server.port);
    await open.ready;
  });

  afterAll(async () => {
    open.close();
    await server.stop();
  });

  it.each(PLATFORMS)(TITLE, async (platform) => {
    expect(await regenerateTogether(platform, redisStore(open.client))).toEqual(ONE);
  });
});
