import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RedisStore } from 'connect-redis';
import cookieParser from 'cookie-parser';
import type { RequestHandler } from 'express';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SessionManager } from 'nestjs-sessions';
import { Pool } from 'pg';
import { createClient } from 'redis';
import { postgresSchema, postgresStore, redisStore, type SessionStore } from '../../../lib/store/index.js';
import { describeWith } from '../../store/support/with-server.js';
import { startApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { startPostgres } from '../../support/postgres-server.js';
import { startRedis } from '../../support/redis-server.js';
import { routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';
import { migrated, PEER_SECRET } from '../support/migrated.js';
import { serveExpressSession } from '../support/peer-servers.js';

const require = createRequire(import.meta.url);
const DATA = { user: { id: 7, name: 'Ada' }, cart: ['tea'] };

interface OldSessions {
  find(id: string): Promise<object | undefined>;
  end(id: string): Promise<unknown>;
}

/** Where sessions are: for the application of before, for the middleware of the page, and for ours. */
interface Engine {
  readonly theirs: object;
  readonly old: OldSessions;
  readonly ours: SessionStore;
  /** How long a session of before lives. */
  secondsLeft(id: string): Promise<number>;
  stop(): Promise<unknown>;
}

async function onRedis(): Promise<Engine> {
  const server = await startRedis();
  const client = createClient({ url: `redis://127.0.0.1:${server.port}` });
  await client.on('error', () => {}).connect();
  const ofConnectRedis = await migrated<(each: typeof client) => OldSessions>('ofConnectRedis');
  return {
    theirs: new RedisStore({ client }),
    old: ofConnectRedis(client),
    ours: redisStore(client),
    secondsLeft: async (id) => client.ttl(`sess:${id}`),
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
}

async function onPostgres(): Promise<Engine> {
  const server = await startPostgres();
  const pool = new Pool({ connectionString: server.url });
  pool.on('error', () => {});
  const table = readFileSync(require.resolve('connect-pg-simple/table.sql'), 'utf8');
  await pool.query(`${table}; ${postgresSchema()}`);
  const ofConnectPgSimple = await migrated<(each: Pool) => OldSessions>('ofConnectPgSimple');
  const connectPg = require('connect-pg-simple') as (session: unknown) => new (options: object) => object;
  return {
    theirs: new (connectPg(require('express-session')))({ pool, pruneSessionInterval: false }),
    old: ofConnectPgSimple(pool),
    ours: postgresStore(pool),
    async secondsLeft(id) {
      const left = 'SELECT extract(epoch FROM expire - now()) AS left FROM session WHERE sid = $1';
      const { rows } = await pool.query<{ left: string }>(left, [id]);
      return Number(rows[0]?.left);
    },
    async stop() {
      await pool.end();
      await server.stop();
    },
  };
}

for (const [program, name, open] of [
  ['redis-server', 'connect-redis', onRedis],
  ['postgres', 'connect-pg-simple', onPostgres],
] as const) {
  describeWith(program, `Sessions of express-session in ${name}`, () => {
    let engine: Engine;
    let cookie = '';

    beforeAll(async () => {
      engine = await open();
    });

    afterAll(() => engine.stop());

    beforeEach(async () => {
      const options = { secret: PEER_SECRET, store: engine.theirs };
      const browser = new Client(await serveExpressSession(options, setting(DATA)));
      await browser.get('/');
      cookie = (await browser.cookie('connect.sid')) ?? '';
    });

    const startOurs = async (store?: SessionStore) => {
      const takeOver = await migrated<(sessions: SessionManager, old: OldSessions) => RequestHandler>('takeOver');
      const { client } = await startApp('express', {
        session: { ...(store && { store }) },
        controllers: [routes({ read: ({ data }) => JSON.stringify(data), logout: (session) => session.destroy() })],
        configure: (app) => app.use(cookieParser(PEER_SECRET), takeOver(app.get(SessionManager), engine.old)),
      });
      const browser = client();
      await browser.setCookie('connect.sid', cookie);
      return browser;
    };

    it.each(['the cookie', 'a store'])('go on in %s', async (where) => {
      const browser = await startOurs(where === 'a store' ? engine.ours : undefined);
      expect(JSON.parse((await browser.get('/read')).text)).toEqual(DATA);
      expect(await browser.cookieNames()).toEqual(['session']);
      expect(JSON.parse((await browser.get('/read')).text)).toEqual(DATA);
    });

    it('go on for requests that are sent at once', async () => {
      const browser = await startOurs(engine.ours);
      const answers = await Promise.all([1, 2, 3, 4].map(() => browser.get('/read')));
      expect(answers.map(({ text }) => JSON.parse(text) as unknown)).toEqual([DATA, DATA, DATA, DATA]);
    });

    it('do not come back after a log-out', async () => {
      const browser = await startOurs(engine.ours);
      await browser.get('/read');
      await browser.get('/logout');
      expect((await browser.get('/read')).text).toBe('{}');
    });

    it('end in a minute for a copy of the old cookie', async () => {
      const browser = await startOurs(engine.ours);
      expect(await engine.secondsLeft(idIn(cookie))).toBeGreaterThan(3600);
      await browser.get('/read');
      const left = await engine.secondsLeft(idIn(cookie));
      expect(left).toBeGreaterThan(30);
      expect(left).toBeLessThanOrEqual(60);
    });

    it('wait where the new session cannot be saved: the old cookie stays for the next request', async () => {
      const failing = new TestStore(engine.ours);
      failing.before = (command) => (command === 'create' ? Promise.reject(new Error('no engine')) : undefined);
      const browser = await startOurs(failing);
      expect((await browser.get('/read')).status).toBe(503);
      expect(await browser.cookieNames()).toEqual(['connect.sid']);
      failing.before = () => undefined;
      expect(JSON.parse((await browser.get('/read')).text)).toEqual(DATA);
      expect(await browser.cookieNames()).toEqual(['session']);
    });

    it('wait where they are too large for a cookie', async () => {
      const options = { secret: PEER_SECRET, store: engine.theirs };
      const before = new Client(await serveExpressSession(options, setting({ text: 'x'.repeat(5000) })));
      await before.get('/');
      cookie = (await before.cookie('connect.sid')) ?? '';
      const browser = await startOurs();
      expect((await browser.get('/read')).status).toBe(500);
      expect(await browser.cookieNames()).toEqual(['connect.sid']);
      expect(await engine.secondsLeft(idIn(cookie))).toBeGreaterThan(3600);
    });

    it('are not taken over with a forged signature', async () => {
      cookie = cookie.replace(/.(?=.$)/, (last) => (last === 'A' ? 'B' : 'A'));
      const browser = await startOurs(engine.ours);
      expect((await browser.get('/read')).text).toBe('{}');
    });
  });
}

/** What fills a session of before. */
function setting(data: object): (session: object) => void {
  return (session) => void Object.assign(session, data);
}

/** The id of the session in a cookie of express-session. */
function idIn(cookie: string): string {
  return /^s:([^.]+)/.exec(decodeURIComponent(cookie))?.[1] ?? '';
}
