export { memoryStore, type MemoryStoreOptions } from './memory.store.js';
export type { SessionStore, StoredSession, StoredSessionInfo } from './session-store.js';
