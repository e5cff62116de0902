import { checkOptions, type RuleTable } from '../rules/check-options.js';
import { optionError } from '../rules/option-error.js';
import {
  BARRIER_SECONDS,
  nowInSeconds,
  type SessionStore,
  type StoredSession,
  type StoredSessionInfo,
} from './session-store.js';
import { DEFAULT_TABLE, INFO, infoOf, quoted, REPLACED, schemaOf, type SessionRow, TABLE } from './sql-schema.js';

/** What {@link sqliteStore} takes: a `DatabaseSync` of node:sqlite, or a `Database` of better-sqlite3. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
}

interface SqliteStatement {
  all(...values: (string | number | null)[]): unknown[];
  run(...values: (string | number | null)[]): { changes: number | bigint };
}

/** Options of {@link sqliteStore}. */
export interface SqliteStoreOptions {
  /** The name of the table. It is made where it is not there. @default 'sessions' */
  readonly table?: string | undefined;
}

const RULES = { table: TABLE } satisfies RuleTable<SqliteStoreOptions>;

/**
 * Sessions in a file of SQLite 3.35 or newer: for a single machine without a database server.
 *
 * @param database of node:sqlite or better-sqlite3: a connection of its own, so that no transaction of yours is under way on it
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN`, `ERR_SESSION_OPTION_INVALID` for an impossible option, or no database; the
 * error of SQLite where the table cannot be made
 * @example
 * SessionModule.forRoot({ secretKey, store: sqliteStore(new DatabaseSync('sessions.db')) });
 */
export function sqliteStore(database: SqliteDatabase, options: SqliteStoreOptions = {}): SessionStore {
  const { exec, prepare } = (database ?? {}) as Partial<Record<keyof SqliteDatabase, unknown>>;
  if (typeof exec !== 'function' || typeof prepare !== 'function') {
    throw optionError(
      'ERR_SESSION_OPTION_INVALID',
      'the database of sqliteStore()',
      'it has no exec() and prepare()',
      'Give a database of node:sqlite or better-sqlite3.',
    );
  }
  const { table = DEFAULT_TABLE } = checkOptions(options, RULES, (name) => `the option "${name}" of sqliteStore()`);
  database.exec(schemaOf(table));
  return new SqliteStore(database, quoted(table));
}

/** Each statement is one atomic step: SQLite lets one connection write at a time. */
class SqliteStore implements SessionStore {
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(database: SqliteDatabase, table: string) {
    this.#statements = statementsOf(database, table);
  }

  async load(key: string): Promise<StoredSession | undefined> {
    const [row] = this.#statements.load.all(key, nowInSeconds()) as SessionRow[];
    if (row === undefined) return undefined;
    const { key: _, ...info } = infoOf(row);
    return { text: row.text, ...info };
  }

  async create(key: string, session: StoredSession, since: number): Promise<'created' | 'exists' | 'revoked'> {
    const { text, version, createdAt, seenAt, expiresAt, subject = null, device = null } = session;
    const values = [text, key, version, createdAt, seenAt, expiresAt, subject, device];
    const now = nowInSeconds();
    const { changes } = this.#statements.create.run(...values, `!${subject ?? ''}`, since, now, now);
    if (Number(changes) > 0) return 'created';
    return (await this.load(key)) === undefined ? 'revoked' : 'exists';
  }

  async save(key: string, session: StoredSession, moved: boolean): Promise<'saved' | 'conflict' | 'gone'> {
    const { text, version, seenAt, expiresAt, subject = null, device = null } = session;
    const statement = moved ? this.#statements.move : this.#statements.save;
    const values = [text, version + 1, seenAt, device, ...(moved ? [expiresAt, subject] : [])];
    if (Number(statement.run(...values, key, version, nowInSeconds()).changes) > 0) return 'saved';
    return (await this.load(key)) === undefined ? 'gone' : 'conflict';
  }

  async touch(key: string, seenAt: number, expiresAt: number): Promise<boolean> {
    return Number(this.#statements.touch.run(seenAt, expiresAt, key, nowInSeconds()).changes) > 0;
  }

  async delete(key: string): Promise<void> {
    this.#statements.delete.run(key);
  }

  async listOf(subject: string): Promise<readonly StoredSessionInfo[]> {
    return (this.#statements.listOf.all(subject, nowInSeconds()) as SessionRow[]).map(infoOf);
  }

  async deleteAllOf(subject: string, before: number, except = ''): Promise<readonly string[]> {
    const now = nowInSeconds();
    this.#statements.revoke.run(`!${subject}`, before, before, now + BARRIER_SECONDS);
    const rows = this.#statements.deleteAllOf.all(subject, before, except, now) as SessionRow[];
    return rows.map(({ key }) => key);
  }

  async sweep(limit: number): Promise<number> {
    return Number(this.#statements.sweep.run(nowInSeconds(), limit).changes);
  }
}

function statementsOf(database: SqliteDatabase, table: string) {
  const columns = 'text = ?, version = ?, seen_at = ?, device = ?';
  const isPresent = 'WHERE key = ? AND version = ? AND expires_at > ?';
  const barrier = `SELECT 1 FROM ${table} WHERE key = ? AND created_at >= ? AND expires_at > ?`;
  const highest =
    'created_at = max(created_at, excluded.created_at), expires_at = max(expires_at, excluded.expires_at)';
  const expired = `SELECT key FROM ${table} WHERE expires_at <= ? LIMIT ?`;
  const sql = {
    load: `SELECT text, ${INFO} FROM ${table} WHERE key = ? AND expires_at > ?`,
    create: `INSERT INTO ${table} (text, ${INFO}) SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (${barrier})
      ON CONFLICT (key) DO UPDATE SET ${REPLACED} WHERE ${table}.expires_at <= ?`,
    save: `UPDATE ${table} SET ${columns} ${isPresent}`,
    move: `UPDATE ${table} SET ${columns}, expires_at = ?, subject = ? ${isPresent}`,
    touch: `UPDATE ${table} SET seen_at = max(seen_at, ?), expires_at = max(expires_at, ?)
      WHERE key = ? AND expires_at > ?`,
    delete: `DELETE FROM ${table} WHERE key = ?`,
    listOf: `SELECT ${INFO} FROM ${table} WHERE subject = ? AND expires_at > ?`,
    revoke: `INSERT INTO ${table} (text, ${INFO}) VALUES ('', ?, 0, ?, ?, ?, NULL, NULL)
      ON CONFLICT (key) DO UPDATE SET ${highest}`,
    deleteAllOf: `DELETE FROM ${table}
      WHERE subject = ? AND created_at <= ? AND key <> ? AND expires_at > ? RETURNING key`,
    sweep: `DELETE FROM ${table} WHERE key IN (${expired})`,
  };
  const prepared = Object.entries(sql).map(([name, text]) => [name, database.prepare(text)] as const);
  return Object.fromEntries(prepared) as Readonly<Record<keyof typeof sql, SqliteStatement>>;
}
