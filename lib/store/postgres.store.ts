import { checkOptions, type RuleTable } from '../rules/check-options.js';
import { optionError } from '../rules/option-error.js';
import { listen, type PostgresPool } from './postgres-listener.js';
import {
  BARRIER_SECONDS,
  nowInSeconds,
  type SessionStore,
  type StoredSession,
  type StoredSessionInfo,
} from './session-store.js';
import { DEFAULT_TABLE, INFO, infoOf, quoted, REPLACED, schemaOf, type SessionRow, TABLE } from './sql-schema.js';

/** Options of {@link postgresStore}. */
export interface PostgresStoreOptions {
  /** The name of the table, as `sessions` or `auth.sessions`. @default 'sessions' */
  readonly table?: string | undefined;
}

const RULES = { table: TABLE } satisfies RuleTable<PostgresStoreOptions>;

/**
 * The SQL that makes the table of {@link postgresStore}: for a migration of yours, the store never runs it.
 *
 * @throws SessionError as {@link postgresStore}
 */
export function postgresSchema(options: PostgresStoreOptions = {}): string {
  return schemaOf(tableOf(options));
}

/**
 * Sessions in a table of Postgres 12 or newer.
 *
 * @param pool of pg; docs/store.md has the settings with which it fails fast
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN`, `ERR_SESSION_OPTION_INVALID` for an impossible option, or no pool
 * @example
 * SessionModule.forRoot({ secretKey, store: postgresStore(new Pool({ connectionString })) });
 */
export function postgresStore(pool: PostgresPool, options: PostgresStoreOptions = {}): SessionStore {
  const { query, connect } = (pool ?? {}) as Partial<Record<keyof PostgresPool, unknown>>;
  if (typeof query !== 'function' || typeof connect !== 'function') {
    const why = 'it has no query() and connect()';
    throw optionError('ERR_SESSION_OPTION_INVALID', 'the pool of postgresStore()', why, 'Give a Pool of pg.');
  }
  return new PostgresStore(pool, tableOf(options));
}

function tableOf(options: PostgresStoreOptions): string {
  const { table = DEFAULT_TABLE } = checkOptions(options, RULES, (name) => `the option "${name}" of postgresStore()`);
  return table;
}

/** Each statement is a transaction of its own: none holds a connection of the pool, and all go through PgBouncer. */
class PostgresStore implements SessionStore {
  readonly #pool: PostgresPool;
  readonly #table: string;
  readonly #channel: string;

  constructor(pool: PostgresPool, table: string) {
    this.#pool = pool;
    this.#table = quoted(table);
    this.#channel = `${table}_deleted`;
  }

  async load(key: string): Promise<StoredSession | undefined> {
    const sql = `SELECT text, ${INFO} FROM ${this.#table} WHERE key = $1 AND expires_at > $2`;
    const [row] = await this.#rows(sql, [key, nowInSeconds()]);
    if (row === undefined) return undefined;
    const { key: _, ...info } = infoOf(row);
    return { text: row.text, ...info };
  }

  async create(key: string, session: StoredSession, since: number): Promise<'created' | 'exists' | 'revoked'> {
    const { text, version, createdAt, seenAt, expiresAt, subject, device } = session;
    const insert = `INSERT INTO ${this.#table} AS t (text, ${INFO}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (key) DO UPDATE SET ${REPLACED} WHERE t.expires_at <= $9 RETURNING key`;
    const values = [text, key, version, createdAt, seenAt, expiresAt, subject, device, nowInSeconds()];
    if ((await this.#rows(insert, values)).length === 0) return 'exists';
    if (subject === undefined) return 'created';
    // After the session is there: a revocation that is not seen here has begun since, and finds the session.
    const select = `SELECT key FROM ${this.#table} WHERE key = $1 AND created_at >= $2 AND expires_at > $3`;
    const barriers = await this.#rows(select, [`!${subject}`, since, nowInSeconds()]);
    if (barriers.length === 0) return 'created';
    await this.#rows(`DELETE FROM ${this.#table} WHERE key = $1`, [key]);
    return 'revoked';
  }

  async save(key: string, session: StoredSession, moved: boolean): Promise<'saved' | 'conflict' | 'gone'> {
    const { text, version, seenAt, expiresAt, subject, device } = session;
    const columns = `text = $4, version = $5, seen_at = $6, device = $7${moved ? ', expires_at = $8, subject = $9' : ''}`;
    const sql = `UPDATE ${this.#table} SET ${columns} WHERE key = $1 AND version = $2 AND expires_at > $3 RETURNING key`;
    const values = [key, version, nowInSeconds(), text, version + 1, seenAt, device];
    if (moved) values.push(expiresAt, subject);
    if ((await this.#rows(sql, values)).length > 0) return 'saved';
    return (await this.load(key)) === undefined ? 'gone' : 'conflict';
  }

  async touch(key: string, seenAt: number, expiresAt: number): Promise<boolean> {
    const set = `UPDATE ${this.#table} SET seen_at = greatest(seen_at, $2), expires_at = greatest(expires_at, $3)`;
    const sql = `${set} WHERE key = $1 AND expires_at > $4 RETURNING key`;
    return (await this.#rows(sql, [key, seenAt, expiresAt, nowInSeconds()])).length > 0;
  }

  async delete(key: string): Promise<void> {
    await this.#deleteWhere('key = $2', [key]);
  }

  async listOf(subject: string): Promise<readonly StoredSessionInfo[]> {
    const sql = `SELECT ${INFO} FROM ${this.#table} WHERE subject = $1 AND expires_at > $2`;
    return (await this.#rows(sql, [subject, nowInSeconds()])).map(infoOf);
  }

  async deleteAllOf(subject: string, before: number, except = ''): Promise<readonly string[]> {
    const now = nowInSeconds();
    const barrier = `INSERT INTO ${this.#table} AS t (text, ${INFO}) VALUES ('', $1, 0, $2, $2, $3, NULL, NULL)`;
    const keepHighest = `created_at = greatest(t.created_at, $2), expires_at = greatest(t.expires_at, $3)`;
    const values = [`!${subject}`, before, now + BARRIER_SECONDS];
    await this.#rows(`${barrier} ON CONFLICT (key) DO UPDATE SET ${keepHighest}`, values);
    // In a transaction of its own, so that it sees what was created before the barrier was there to be seen.
    const which = 'subject = $2 AND created_at <= $3 AND key <> $4 AND expires_at > $5';
    return this.#deleteWhere(which, [subject, before, except, now]);
  }

  async subscribe(listener: (keys: readonly string[]) => void): Promise<() => void> {
    return listen(this.#pool, this.#channel, (key) => listener([key]));
  }

  async sweep(limit: number): Promise<number> {
    const expired = `SELECT key FROM ${this.#table} WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED`;
    const sql = `DELETE FROM ${this.#table} WHERE key IN (${expired}) RETURNING key`;
    return (await this.#rows(sql, [nowInSeconds(), limit])).length;
  }

  /** Deletes sessions and tells their keys, one a message: a message of Postgres has at most 8000 bytes. */
  async #deleteWhere(which: string, values: readonly unknown[]): Promise<string[]> {
    const deleted = `DELETE FROM ${this.#table} WHERE ${which} RETURNING key`;
    const sql = `WITH deleted AS (${deleted}) SELECT key, pg_notify($1, key) FROM deleted`;
    return (await this.#rows(sql, [this.#channel, ...values])).map(({ key }) => key);
  }

  async #rows(sql: string, values: readonly unknown[]): Promise<SessionRow[]> {
    return (await this.#pool.query(sql, [...values])).rows as SessionRow[];
  }
}
