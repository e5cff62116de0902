import { checkOptions, type RuleTable } from '../rules/check-options.js';
import {
  BARRIER_SECONDS,
  nowInSeconds,
  type SessionStore,
  type StoredSession,
  type StoredSessionInfo,
} from './session-store.js';

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** How many sessions are kept: one more, and the one that was written longest ago is forgotten. @default 10000 */
  readonly limit?: number | undefined;
}

const RULES = {
  limit: [(value) => Number.isInteger(value) && Number(value) >= 1, 'Give a whole number from 1.'],
} satisfies RuleTable<MemoryStoreOptions>;

const WARNING =
  'memoryStore() is for samples and tests: its sessions are gone when the process ends, and other processes do not see them. ' +
  'Use redisStore(), postgresStore() or sqliteStore() in production.';
let isWarned = false;

/**
 * Sessions in the memory of this process: for samples, tests and development.
 *
 * With `NODE_ENV=production` it warns once (`process.emitWarning`, code `SESSION_MEMORY_STORE`).
 *
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN`, `ERR_SESSION_OPTION_INVALID` for an impossible option
 * @example
 * SessionModule.forRoot({ secretKey, store: memoryStore() });
 */
export function memoryStore(options: MemoryStoreOptions = {}): SessionStore {
  const { limit = 10_000 } = checkOptions(options, RULES, (name) => `the option "${name}" of memoryStore()`);
  if (process.env.NODE_ENV === 'production' && !isWarned) {
    isWarned = true;
    process.emitWarning(WARNING, { code: 'SESSION_MEMORY_STORE' });
  }
  return new MemoryStore(limit);
}

/** Each method does its work before it returns, so each is one atomic step. */
class MemoryStore implements SessionStore {
  /** In the order of the last write. */
  readonly #sessions = new Map<string, StoredSession>();
  readonly #keysBySubject = new Map<string, Set<string>>();
  readonly #barriers = new Map<string, { readonly before: number; readonly until: number }>();
  readonly #listeners = new Set<(keys: readonly string[]) => void>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async load(key: string): Promise<StoredSession | undefined> {
    return this.#living(key);
  }

  async create(key: string, session: StoredSession, since: number): Promise<'created' | 'exists' | 'revoked'> {
    const barrier = this.#barriers.get(session.subject ?? '');
    if (barrier !== undefined && barrier.before >= since && barrier.until > nowInSeconds()) return 'revoked';
    if (this.#living(key) !== undefined) return 'exists';
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= this.#limit && oldest !== undefined) this.#remove(oldest);
    this.#put(key, session);
    return 'created';
  }

  async save(key: string, session: StoredSession, moved: boolean): Promise<'saved' | 'conflict' | 'gone'> {
    const saved = this.#living(key);
    if (saved === undefined) return 'gone';
    if (saved.version !== session.version) return 'conflict';
    const { text, version, seenAt, device } = session;
    const { subject, expiresAt } = moved ? session : saved;
    this.#put(key, { text, version: version + 1, createdAt: saved.createdAt, seenAt, expiresAt, subject, device });
    return 'saved';
  }

  async touch(key: string, seenAt: number, expiresAt: number): Promise<boolean> {
    const saved = this.#living(key);
    if (saved === undefined) return false;
    const latest = { seenAt: Math.max(saved.seenAt, seenAt), expiresAt: Math.max(saved.expiresAt, expiresAt) };
    this.#put(key, { ...saved, ...latest });
    return true;
  }

  async delete(key: string): Promise<void> {
    if (this.#remove(key)) this.#tell([key]);
  }

  async listOf(subject: string): Promise<readonly StoredSessionInfo[]> {
    return this.#sessionsOf(subject).map(([key, { version, createdAt, seenAt, expiresAt, device }]) => {
      return { key, version, createdAt, seenAt, expiresAt, subject, device };
    });
  }

  async deleteAllOf(subject: string, before: number, except?: string): Promise<readonly string[]> {
    this.#raiseBarrier(subject, before);
    const ended = this.#sessionsOf(subject).filter(([key, { createdAt }]) => createdAt <= before && key !== except);
    const keys = ended.map(([key]) => key);
    for (const key of keys) this.#remove(key);
    if (keys.length > 0) this.#tell(keys);
    return keys;
  }

  async subscribe(listener: (keys: readonly string[]) => void): Promise<() => void> {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async sweep(limit: number): Promise<number> {
    const now = nowInSeconds();
    const expired = [...this.#sessions].filter(([, { expiresAt }]) => expiresAt <= now).slice(0, limit);
    for (const [key] of expired) this.#remove(key);
    return expired.length;
  }

  #living(key: string): StoredSession | undefined {
    const session = this.#sessions.get(key);
    return session === undefined || session.expiresAt <= nowInSeconds() ? undefined : session;
  }

  #sessionsOf(subject: string): (readonly [key: string, session: StoredSession])[] {
    const keys = [...(this.#keysBySubject.get(subject) ?? [])];
    return keys.flatMap((key) => {
      const session = this.#living(key);
      return session === undefined ? [] : [[key, session] as const];
    });
  }

  #put(key: string, session: StoredSession): void {
    this.#remove(key);
    this.#sessions.set(key, Object.freeze({ ...session }));
    if (session.subject === undefined) return;
    const keys = this.#keysBySubject.get(session.subject);
    if (keys === undefined) this.#keysBySubject.set(session.subject, new Set([key]));
    else keys.add(key);
  }

  #remove(key: string): boolean {
    const subject = this.#sessions.get(key)?.subject ?? '';
    const keys = this.#keysBySubject.get(subject);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysBySubject.delete(subject);
    return this.#sessions.delete(key);
  }

  #raiseBarrier(subject: string, before: number): void {
    const now = nowInSeconds();
    for (const [each, { until }] of this.#barriers) if (until <= now) this.#barriers.delete(each);
    const highest = Math.max(before, this.#barriers.get(subject)?.before ?? before);
    this.#barriers.set(subject, { before: highest, until: now + BARRIER_SECONDS });
  }

  #tell(keys: readonly string[]): void {
    for (const listener of this.#listeners) listener(keys);
  }
}
