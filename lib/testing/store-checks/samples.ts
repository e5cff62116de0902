import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { nowInSeconds, type SessionStore, type StoredSession } from '../../store/session-store.js';

/** Checks by name. */
export type StoreChecks = Readonly<Record<string, (store: SessionStore, patience: number) => Promise<void>>>;

/** A fresh key or subject, as long as those of the package. */
export function newKey(): string {
  return randomBytes(32).toString('base64url');
}

/** A session that began a second ago and lives for five minutes. */
export function newSession(differences: Partial<StoredSession> = {}): StoredSession {
  const now = nowInSeconds();
  return { text: '{"a":1}', version: 1, createdAt: now - 1, seenAt: now - 1, expiresAt: now + 300, ...differences };
}

/** Stores a new session. @returns its key */
export async function stored(store: SessionStore, session: StoredSession = newSession()): Promise<string> {
  const key = newKey();
  await store.create(key, session, nowInSeconds());
  return key;
}

/** The keys of the list of a subject, in order. */
export async function keysOf(store: SessionStore, subject: string): Promise<string[]> {
  return Array.from(await store.listOf(subject), ({ key }) => key).toSorted();
}

/** What `deleteAllOf` has ended, in order: in an array of ours, for a native client in a sandbox of Jest has others. */
export async function endedBy(
  store: SessionStore,
  ...args: Parameters<SessionStore['deleteAllOf']>
): Promise<string[]> {
  return Array.from(await store.deleteAllOf(...args)).toSorted();
}

/** `count` results of `make`, all begun at once. */
export async function parallel<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)));
}

/** Rejects where `promise` is not settled within `patience` milliseconds. */
export async function within<T>(patience: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} within ${patience} ms.`)), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** That the store has this session, with all of its text. */
export async function assertKept(store: SessionStore, key: string, expected: StoredSession): Promise<void> {
  const kept = await store.load(key);
  assert.ok(kept !== undefined, 'The session is not there.');
  const { text, version, createdAt, seenAt, expiresAt, subject, device } = kept;
  const { text: _, ...rest } = { subject: undefined, device: undefined, ...expected };
  assert.deepEqual({ version, createdAt, seenAt, expiresAt, subject, device }, rest);
  // Apart from the rest, so that an error does not print 200 kB.
  assert.ok(
    text === expected.text,
    `A text of ${expected.text.length} characters came back with ${text.length}, or differs.`,
  );
}
