import type { RedisConnection } from './redis-connection.js';
import { FORGET, INDEX, LIST, REVOKE, run, type Script } from './redis-scripts.js';
import { BARRIER_SECONDS, nowInSeconds } from './session-store.js';

/** The member of an index whose score is the last revocation. No key is spelled so. */
const BARRIER = '!';

/** One entry of an index. The score is text, to be compared with what Redis has. */
export type IndexEntry = readonly [key: string, score: string];

/**
 * Which sessions a subject has: a sorted set of their keys by expiry.
 *
 * It is a key of its own, in a cluster on another node: so it is written before the session, and may name dead sessions for a
 * while, but misses no living one.
 */
export class RedisIndex {
  readonly #redis: RedisConnection;
  readonly #prefix: string;

  constructor(redis: RedisConnection, prefix: string) {
    this.#redis = redis;
    this.#prefix = `${prefix}of:`;
  }

  /** Adds a session, or extends it. @returns when the subject was last revoked, if that is remembered */
  async add(subject: string, key: string, expiresAt: number): Promise<number | undefined> {
    const revokedAt = await this.#run(INDEX, subject, `${nowInSeconds() - BARRIER_SECONDS}`, `${expiresAt}`, key);
    return revokedAt === null ? undefined : Number(revokedAt);
  }

  async remove(subject: string, keys: readonly string[]): Promise<void> {
    const name = this.#prefix + subject;
    await this.#redis.send(name, 'ZREM', name, ...keys);
  }

  async list(subject: string): Promise<IndexEntry[]> {
    const flat = (await this.#run(LIST, subject, `${nowInSeconds()}`)) as string[];
    const entries = flat.flatMap((key, at) => (at % 2 === 0 ? [[key, flat[at + 1] ?? ''] as const] : []));
    return entries.filter(([key]) => key !== BARRIER);
  }

  /** Removes entries, except where they have been written again since they were listed. */
  async forget(subject: string, entries: readonly IndexEntry[]): Promise<void> {
    if (entries.length > 0) await this.#run(FORGET, subject, ...entries.flat());
  }

  /** Remembers that the subject was revoked. @returns the keys of all sessions known then, some of them expired */
  async revoke(subject: string, before: number): Promise<string[]> {
    return ((await this.#run(REVOKE, subject, `${before}`)) as string[]).filter((key) => key !== BARRIER);
  }

  async #run(script: Script, subject: string, ...args: string[]): Promise<unknown> {
    return run(this.#redis, script, this.#prefix + subject, ...args);
  }
}
