import type { SessionStore, StoredSession } from '../../../lib/store/index.js';

/** One call of a method, of the session "key" of "tom" where there is one. */
export type Call = (store: SessionStore) => Promise<unknown>;

/** A session of "tom", as it is created. */
export function session(differences: Partial<StoredSession> = {}): StoredSession {
  const now = Math.floor(Date.now() / 1000);
  return { text: '{}', version: 1, createdAt: now, seenAt: now, expiresAt: now + 1000, subject: 'tom', ...differences };
}

const later = () => Date.now() / 1000 + 2000;

export const READS: readonly (readonly [method: string, call: Call])[] = [
  ['load', async (store) => store.load('key')],
  ['listOf', async (store) => store.listOf('tom')],
];

export const WRITES: readonly (readonly [method: string, call: Call])[] = [
  ['create', async (store) => store.create('new', session(), later())],
  ['save', async (store) => store.save('key', session({ text: 'late' }), false)],
  ['save that moves', async (store) => store.save('key', session({ text: 'late', expiresAt: later() }), true)],
  ['touch', async (store) => store.touch('key', 0, later())],
];

export const DELETIONS: readonly (readonly [method: string, call: Call])[] = [
  ['delete', async (store) => store.delete('key')],
  ['deleteAllOf', async (store) => store.deleteAllOf('tom', later())],
];

export const CALLS = [...READS, ...WRITES, ...DELETIONS];

/** Waits until a client has connected again, which it does by itself. @param key of which session it is asked */
export async function untilAnswered(store: SessionStore, key = 'any'): Promise<void> {
  for (let isAnswered = false; !isAnswered;) {
    isAnswered = await store.load(key).then(
      () => true,
      async () => new Promise<false>((resolve) => void setImmediate(resolve, false)),
    );
  }
}

/** The message that a promise is rejected with; an error where it is fulfilled. */
export async function rejection(promise: Promise<unknown>): Promise<string> {
  const answer: unknown = await promise.catch((error: unknown) => error);
  if (answer instanceof Error) return answer.message;
  throw new Error(`Expected a rejection, got ${JSON.stringify(answer)}.`);
}
