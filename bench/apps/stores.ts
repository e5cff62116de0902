// Where sessions are kept, as the documents of each package say it. What is imported here slows down no other application.
import type * as Store from '../../dist/cjs/store/index.js';
import type { Order } from './application.js';

const { REDIS_URL: url = '' } = process.env;

/** The option of express-session and @fastify/session; none for their own memory. */
export async function connectRedis({ store }: Order) {
  if (store === undefined) return {};
  const [{ RedisStore }, { createClient }] = await Promise.all([import('connect-redis'), import('redis')]);
  return { store: new RedisStore({ client: await createClient({ url }).connect() }) };
}

/** The option of this package; none for cookies. */
export async function ownStore({ store, dist }: Order) {
  if (store === undefined) return {};
  const { memoryStore, redisStore } = (await import(`${dist}store/index.js`)) as typeof Store;
  if (store === 'memory') return { store: memoryStore() };
  const { Redis } = await import('ioredis');
  return { store: redisStore(new Redis(url)) };
}
