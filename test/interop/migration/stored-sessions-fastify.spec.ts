import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RedisStore } from 'connect-redis';
import { redisStore } from 'nestjs-sessions/store';
import { createClient } from 'redis';
import { startRedis } from '../../support/redis-server.js';
import { migrated, PEER_SECRET } from '../support/migrated.js';
import { serveFastifySession } from '../support/peer-servers.js';
import { describeTakenOver, type OldSessions } from '../support/taken-over.js';

type Redis = ReturnType<typeof createClient>;
type TakeOver = (app: NestFastifyApplication, client: Redis, secret: string) => Promise<void>;

async function open(): Promise<OldSessions> {
  const server = await startRedis();
  const client: Redis = createClient({ url: server.url });
  await client.on('error', () => {}).connect();
  const takeOver = await migrated<TakeOver>('takeOverOnFastify');
  const settings = { secret: PEER_SECRET, store: new RedisStore({ client }), cookie: { secure: false } };
  return {
    ours: redisStore(client),
    serve: (fill) => serveFastifySession(settings, fill),
    takeOver: (app) => takeOver(app as NestFastifyApplication, client, PEER_SECRET),
    secondsLeft: async (id) => client.ttl(`sess:${id}`),
    async stop() {
      client.destroy();
      await server.stop();
    },
  };
}

describeTakenOver('redis-server', 'Sessions of @fastify/session in connect-redis', {
  platform: 'fastify',
  cookieName: 'sessionId',
  open,
});
