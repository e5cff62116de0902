export { memoryStore, type MemoryStoreOptions } from './memory.store.js';
export { postgresSchema, postgresStore, type PostgresStoreOptions } from './postgres.store.js';
export type { PostgresPool } from './postgres-listener.js';
export { redisStore, type RedisStoreOptions } from './redis.store.js';
export type { RedisClient } from './redis-connection.js';
export type { SessionStore, StoredSession, StoredSessionInfo } from './session-store.js';
export { type SqliteDatabase, sqliteStore, type SqliteStoreOptions } from './sqlite.store.js';
