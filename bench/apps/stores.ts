// Where sessions are kept, as the documents of each package say it. What is imported here slows down no other application.
import type * as Store from '../../dist/cjs/store/index.js';
import type { Order } from './application.js';

const { REDIS_URL: url = '' } = process.env;

/** Of the package redis, for ours too: it writes the commands of one turn of the event loop at once, ioredis each by itself. */
async function newClient() {
  const { createClient } = await import('redis');
  // Without a listener a process would report the end of Redis as an error of its own.
  const client = createClient({ url }).on('error', () => undefined);
  return client.connect();
}

/** The option of express-session and @fastify/session; none for their own memory. */
export async function connectRedis({ store }: Order) {
  if (store === undefined) return {};
  const { RedisStore } = await import('connect-redis');
  return { store: new RedisStore({ client: await newClient() }) };
}

/** The option of this package; none for cookies. */
export async function ownStore({ store, dist }: Order) {
  if (store === undefined) return {};
  const { memoryStore, redisStore } = (await import(`${dist}store/index.js`)) as typeof Store;
  if (store === 'memory') return { store: memoryStore() };
  return { store: redisStore(store === 'redis' ? await newClient() : new (await import('ioredis')).Redis(url)) };
}
