import { checkOptions, matches, type RuleTable } from '../rules/check-options.js';
import { connectionOf, type RedisClient, type RedisConnection } from './redis-connection.js';
import { RedisIndex } from './redis-index.js';
import { CREATE, DELETE, run, type Script, TOUCH, WRITE } from './redis-scripts.js';
import { nowInSeconds, type SessionStore, type StoredSession, type StoredSessionInfo } from './session-store.js';

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** What the names of all keys and of the channel begin with. @default 'session:' */
  readonly prefix?: string | undefined;
}

const RULES = {
  prefix: [matches(/^[^\s]{0,100}$/), 'Use at most 100 characters and no spaces.'],
} satisfies RuleTable<RedisStoreOptions>;

type Saved = 'saved' | 'conflict' | 'gone';

/**
 * Sessions in Redis 6.2 or newer, or in Valkey, alone or as a cluster: a hash for each session, a sorted set for each subject.
 *
 * @param client of ioredis, iovalkey or redis (node-redis); docs/store.md has the settings with which it fails fast
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN`, `ERR_SESSION_OPTION_INVALID` for an impossible option, or no client
 * @example
 * SessionModule.forRoot({ secretKey, store: redisStore(new Redis(url)) });
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): SessionStore {
  const { prefix = 'session:' } = checkOptions(options, RULES, (name) => `the option "${name}" of redisStore()`);
  return new RedisStore(connectionOf(client), prefix);
}

class RedisStore implements SessionStore {
  readonly #redis: RedisConnection;
  readonly #prefix: string;
  readonly #index: RedisIndex;

  constructor(redis: RedisConnection, prefix: string) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#index = new RedisIndex(redis, prefix);
  }

  async load(key: string): Promise<StoredSession | undefined> {
    const name = this.#prefix + key;
    const [text, ...rest] = (await this.#redis.send(name, 'HMGET', name, 'text', ...INFO)) as Reply;
    const info = infoFrom(rest);
    return info === undefined ? undefined : { text: text ?? '', ...info };
  }

  async create(key: string, session: StoredSession, since: number): Promise<'created' | 'exists' | 'revoked'> {
    const { text, version, createdAt, seenAt, expiresAt, subject, device = '' } = session;
    const fields = fieldsOf({ text, version, createdAt, seenAt, expiresAt, subject: subject ?? '', device });
    const write = async () => this.#run(CREATE, key, `${nowInSeconds()}`, expiryOf(expiresAt), ...fields);
    if (subject === undefined) return (await write()) as 'created' | 'exists';
    // First for a minute only: should this process end in between, nothing stays that is not there.
    const soon = nowInSeconds() + 60;
    await this.#index.add(subject, key, soon);
    if ((await write()) === 'exists') return 'exists';
    // Always another score than the first: `listOf`, which has not found the session yet, then does not forget it.
    const revokedAt = await this.#index.add(subject, key, Math.max(expiresAt, soon + 1));
    if (revokedAt === undefined || revokedAt < since) return 'created';
    await this.#run(DELETE, key);
    await this.#index.remove(subject, [key]);
    return 'revoked';
  }

  async save(key: string, session: StoredSession, moved: boolean): Promise<Saved> {
    const { text, version, seenAt, expiresAt, subject, device = '' } = session;
    const fields = fieldsOf({ text, version: version + 1, seenAt, device });
    if (moved) fields.push(...fieldsOf({ expiresAt, subject: subject ?? '' }));
    const expiry = moved ? expiryOf(expiresAt) : '';
    const write = async () =>
      (await this.#run(WRITE, key, `${nowInSeconds()}`, `${version}`, expiry, ...fields)) as Saved;
    return moved && subject !== undefined ? this.#indexed(subject, key, expiresAt, write) : write();
  }

  async touch(key: string, seenAt: number, expiresAt: number): Promise<boolean> {
    const name = this.#prefix + key;
    const subject = (await this.#redis.send(name, 'HGET', name, 'subject')) as string | null;
    const times = [`${seenAt}`, `${expiresAt}`, expiryOf(expiresAt)];
    const write = async () => (await this.#run(TOUCH, key, `${nowInSeconds()}`, ...times)) as Saved;
    return (await (subject ? this.#indexed(subject, key, expiresAt, write) : write())) === 'saved';
  }

  async delete(key: string): Promise<void> {
    const subject = (await this.#run(DELETE, key)) as string | null;
    if (subject === null) return;
    if (subject !== '') await this.#index.remove(subject, [key]);
    await this.#tell([key]);
  }

  async listOf(subject: string): Promise<readonly StoredSessionInfo[]> {
    const entries = await this.#index.list(subject);
    const found = await Promise.all(entries.map(async ([key]) => this.#info(key)));
    await this.#index.forget(
      subject,
      entries.filter((_, at) => found[at] === undefined),
    );
    return found.flatMap((info, at) => (info?.subject === subject ? [{ key: entries[at]?.[0] ?? '', ...info }] : []));
  }

  async deleteAllOf(subject: string, before: number, except?: string): Promise<readonly string[]> {
    const now = `${nowInSeconds()}`;
    const keys = (await this.#index.revoke(subject, before)).filter((key) => key !== except);
    const subjects = await Promise.all(keys.map(async (key) => this.#run(DELETE, key, subject, `${before}`, now)));
    const ended = keys.filter((_, at) => subjects[at] === subject);
    if (ended.length > 0) {
      await this.#index.remove(subject, ended);
      await this.#tell(ended);
    }
    return ended;
  }

  async subscribe(listener: (keys: readonly string[]) => void): Promise<() => void> {
    return this.#redis.subscribe(`${this.#prefix}deleted`, (message) => listener(message.split(' ')));
  }

  /** Writes a session that its index knows before, and takes it from there where there is none. */
  async #indexed(subject: string, key: string, expiresAt: number, write: () => Promise<Saved>): Promise<Saved> {
    await this.#index.add(subject, key, expiresAt);
    const answer = await write();
    if (answer === 'gone') await this.#index.remove(subject, [key]);
    return answer;
  }

  async #info(key: string): Promise<Omit<StoredSession, 'text'> | undefined> {
    const name = this.#prefix + key;
    return infoFrom((await this.#redis.send(name, 'HMGET', name, ...INFO)) as Reply);
  }

  async #tell(keys: readonly string[]): Promise<void> {
    const channel = `${this.#prefix}deleted`;
    await this.#redis.send(channel, 'PUBLISH', channel, keys.join(' '));
  }

  async #run(script: Script, key: string, ...args: string[]): Promise<unknown> {
    return run(this.#redis, script, this.#prefix + key, ...args);
  }
}

type Reply = readonly (string | null)[];

/** All fields of the hash but the text. */
const INFO = ['version', 'createdAt', 'seenAt', 'expiresAt', 'subject', 'device'] as const;

/** `undefined` where there is no session, or where it has expired. */
function infoFrom([version, createdAt, seenAt, expiresAt, subject, device]: Reply) {
  if (Number(expiresAt) <= nowInSeconds()) return undefined;
  return {
    version: Number(version),
    createdAt: Number(createdAt),
    seenAt: Number(seenAt),
    expiresAt: Number(expiresAt),
    // Empty where there is none, so that a save overwrites what there was.
    subject: subject || undefined,
    device: device || undefined,
  };
}

/** Fields of the hash with their values, as a command takes them. Empty where there is none, so that it overwrites. */
function fieldsOf(values: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(values).flatMap(([field, value]) => [field, `${value}`]);
}

/** A minute late, so that clocks may differ: `load` compares with ours. */
function expiryOf(expiresAt: number): string {
  return `${Math.ceil(expiresAt) + 60}`;
}
