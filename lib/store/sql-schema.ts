import { matches, type Rule } from '../rules/check-options.js';

/** What SQL stores call their table where nothing else is asked for. */
export const DEFAULT_TABLE = 'sessions';

/** The name of a table, with that of a schema before a dot or without. Short enough for `…_expires_at` (63 bytes). */
export const TABLE: Rule = [
  matches(/^(?:[A-Za-z_]\w{0,49}\.)?[A-Za-z_]\w{0,49}$/),
  'Use at most 50 letters, digits and _, with a schema before a dot or without.',
];

/** A table's name as an identifier of SQL. */
export function quoted(table: string): string {
  return table.replaceAll(/\w+/g, '"$&"');
}

/**
 * The table of SQL stores and its two indexes: for the sessions of a subject, and for sweeping. Times are NumericDates. A row
 * whose key begins with "!" is no session but the last revocation of a subject.
 */
export function schemaOf(table: string): string {
  const name = table.replace(/^.*\./, '');
  return `CREATE TABLE IF NOT EXISTS ${quoted(table)} (
  key TEXT PRIMARY KEY,
  text TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DOUBLE PRECISION NOT NULL,
  seen_at DOUBLE PRECISION NOT NULL,
  expires_at DOUBLE PRECISION NOT NULL,
  subject TEXT,
  device TEXT
);
CREATE INDEX IF NOT EXISTS "${name}_subject" ON ${quoted(table)} (subject) WHERE subject IS NOT NULL;
CREATE INDEX IF NOT EXISTS "${name}_expires_at" ON ${quoted(table)} (expires_at);
`;
}

/** Text or bigint where the application has set its client up so. */
type Numeric = number | bigint | string;

/** A row as both kinds of SQL give it. */
export interface SessionRow {
  readonly key: string;
  readonly text: string;
  readonly version: Numeric;
  readonly created_at: Numeric;
  readonly seen_at: Numeric;
  readonly expires_at: Numeric;
  readonly subject: string | null;
  readonly device: string | null;
}

/** The columns of {@link SessionRow} that a list has. */
export const INFO = 'key, version, created_at, seen_at, expires_at, subject, device';

/** What an insertion writes over a row that has expired, and that nothing has swept yet. */
export const REPLACED = ['text', ...INFO.split(', ').slice(1)].map((name) => `${name} = excluded.${name}`).join(', ');

/** All of a session but its data. */
export function infoOf(row: Omit<SessionRow, 'text'>) {
  return {
    key: row.key,
    version: Number(row.version),
    createdAt: Number(row.created_at),
    seenAt: Number(row.seen_at),
    expiresAt: Number(row.expires_at),
    subject: row.subject ?? undefined,
    device: row.device ?? undefined,
  };
}
