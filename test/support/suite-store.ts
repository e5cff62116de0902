import { afterAll } from '@jest/globals';
import { memoryStore, redisStore, type SessionStore, type StoredSession } from 'nestjs-sessions/store';
import { recordKey } from '../../lib/session/record-key.js';
import { writeRecord } from '../../lib/session/record.js';
import type { Claims } from './claims.js';
import { decryptRecord, isEncrypted } from './encrypted-records.js';
import { TestStore } from './stores.js';

/** The store that all applications of a spec file share: a session that a test has forged is in it. */
class SuiteStore extends TestStore {
  readonly #inner: SessionStore;
  #seeding: Promise<void> | undefined;

  constructor(inner: SessionStore) {
    super(inner);
    this.#inner = inner;
    this.before = () => this.#seeding;
  }

  /** Ends when what was seeded is stored: a test may forge a cookie that the package does not ask the store about. */
  async seeded(): Promise<void> {
    await this.#seeding;
  }

  /** Stores a session before anything else that is asked, in the place of one of this key. */
  seed(key: string, session: StoredSession): void {
    this.records.set(key, session);
    this.#seeding = this.#replace(this.#seeding, key, session);
  }

  async #replace(before: Promise<void> | undefined, key: string, session: StoredSession): Promise<void> {
    await before;
    await this.#inner.delete(key);
    await this.#inner.create(key, session, session.createdAt);
  }
}

/** `STORE=memory` and `STORE=redis` run the suites with sessions in a store; which tests are left out: store-exceptions.mjs. */
export const SUITE_STORE = await openStore(process.env.STORE);

async function openStore(name: string | undefined): Promise<SuiteStore | undefined> {
  if (name === undefined || name === '') return undefined;
  if (name === 'memory') return new SuiteStore(memoryStore());
  if (name !== 'redis') throw new Error(`Cannot run the tests with STORE=${name}. Use memory or redis.`);
  const { Redis } = await import('ioredis');
  const client = new Redis(process.env.SUITE_REDIS_URL ?? '');
  const store = new SuiteStore(redisStore(client, { prefix: `${process.pid}:${Date.now()}:${Math.random()}:` }));
  afterAll(async () => {
    await store.seeded();
    await client.quit();
  });
  return store;
}

/** The option of an application whose sessions are in the store of the suite; empty where the suite has none. */
export const suiteStore = () =>
  // A machine with much to do may keep a command waiting; what happens then is tested in e2e/store.
  SUITE_STORE === undefined ? {} : { store: { store: SUITE_STORE, timeout: 20 } };

/** Puts the data of a forged session into the store. @returns the claims of its cookie */
export function claimsInStore({ data, ...claims }: Claims, cookieName = 'session'): object {
  if (SUITE_STORE === undefined) return { ...claims, data };
  const { jti, iat, ttl, abs } = claims;
  // Old enough for an extension: with a store a younger session gets no new cookie when it changes.
  const exp = claims.exp === iat + 1_209_600 ? claims.exp - 200_000 : claims.exp;
  const text = writeRecord(JSON.stringify(data), { ttl, abs });
  SUITE_STORE.seed(recordKey(cookieName, { id: jti }), {
    text,
    version: 1,
    createdAt: iat,
    seenAt: iat,
    expiresAt: exp,
  });
  return { ...claims, exp, st: 1 };
}

/** The claims of a cookie, with the data that is in the store. */
export function claimsFromStore(claims: Claims & { readonly st?: 1 }, cookieName = 'session', secret?: string): Claims {
  const { st, ...rest } = claims;
  if (st === undefined || SUITE_STORE === undefined) return claims;
  const text = SUITE_STORE.records.get(recordKey(cookieName, { id: claims.jti }))?.text ?? 'null';
  const clear = isEncrypted(text) ? decryptRecord(text, claims.jti, { secret, cookieName }) : text;
  return { ...rest, data: JSON.parse(clear.replace(/^[\d,]+ /, '')) as Claims['data'] };
}
