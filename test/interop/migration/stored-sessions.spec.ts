import { RedisStore } from 'connect-redis';
import cookieParser from 'cookie-parser';
import type { RequestHandler } from 'express';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SessionManager } from 'nestjs-sessions';
import { postgresSchema, postgresStore, redisStore } from 'nestjs-sessions/store';
import { Pool } from 'pg';
import { createClient } from 'redis';
import { startPostgres } from '../../support/postgres-server.js';
import { startRedis } from '../../support/redis-server.js';
import { migrated, PEER_SECRET } from '../support/migrated.js';
import { serveExpressSession } from '../support/peer-servers.js';
import { describeTakenOver, type OldSessions } from '../support/taken-over.js';

const require = createRequire(import.meta.url);

/** The second argument of the middleware: what it needs of an engine. */
type OfEngine<Engine> = (engine: Engine) => object;
type TakeOver = (sessions: SessionManager, old: object) => RequestHandler;

/** @param store of express-session @param old the sessions in it, for the middleware */
async function ofExpressSession(store: object, old: object): Promise<Pick<OldSessions, 'serve' | 'takeOver'>> {
  const takeOver = await migrated<TakeOver>('takeOver');
  return {
    serve: (fill) => serveExpressSession({ secret: PEER_SECRET, store }, fill),
    takeOver: (app) => app.use(cookieParser(PEER_SECRET), takeOver(app.get(SessionManager), old)),
  };
}

async function onRedis(): Promise<OldSessions> {
  const server = await startRedis();
  const client = createClient({ url: server.url });
  await client.on('error', () => {}).connect();
  const ofConnectRedis = await migrated<OfEngine<typeof client>>('ofConnectRedis');
  return {
    ...(await ofExpressSession(new RedisStore({ client }), ofConnectRedis(client))),
    ours: redisStore(client),
    secondsLeft: async (id) => client.ttl(`sess:${id}`),
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
}

async function onPostgres(): Promise<OldSessions> {
  const server = await startPostgres();
  const pool = new Pool({ connectionString: server.url });
  pool.on('error', () => {});
  const table = readFileSync(require.resolve('connect-pg-simple/table.sql'), 'utf8');
  await pool.query(`${table}; ${postgresSchema()}`);
  const ofConnectPgSimple = await migrated<OfEngine<Pool>>('ofConnectPgSimple');
  const connectPg = require('connect-pg-simple') as (session: unknown) => new (options: object) => object;
  const PgStore = connectPg(require('express-session'));
  return {
    ...(await ofExpressSession(new PgStore({ pool, pruneSessionInterval: false }), ofConnectPgSimple(pool))),
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
  describeTakenOver(program, `Sessions of express-session in ${name}`, {
    platform: 'express',
    cookieName: 'connect.sid',
    open,
  });
}
