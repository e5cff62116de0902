export { memoryStore, type MemoryStoreOptions } from './memory.store.js';
export { redisStore, type RedisStoreOptions } from './redis.store.js';
export type { RedisClient } from './redis-connection.js';
export type { SessionStore, StoredSession, StoredSessionInfo } from './session-store.js';
