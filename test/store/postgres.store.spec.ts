import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { Pool } from 'pg';
import { storeContract } from 'nestjs-sessions/testing';
import {
  postgresSchema,
  type PostgresPool,
  postgresStore,
  type SessionStore,
  type StoredSession,
} from '../../lib/store/index.js';
import { errorOf } from '../support/errors.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { freePort } from '../support/programs.js';
import { describeWith } from './support/with-server.js';

describeWith('postgres', 'postgresStore()', () => {
  let server: PostgresServer;
  let pool: Pool;
  let store: SessionStore;

  beforeAll(async () => {
    server = await startPostgres();
    pool = new Pool({ connectionString: server.url });
    pool.on('error', () => {});
    await pool.query(postgresSchema());
    store = postgresStore(pool);
  });

  afterAll(async () => {
    await pool.end();
    await server.stop();
  });

  describe('meets the contract', () => {
    for (const { name, run } of storeContract(() => store, { unreachable: unreachableStore })) it(name, run);
  });

  it('uses the table that it is given, in a schema of its own, with a schema to be run twice', async () => {
    const table = 'Auth.web_Sessions';
    await pool.query('CREATE SCHEMA "Auth"');
    await pool.query(postgresSchema({ table }));
    await pool.query(postgresSchema({ table }));
    const other = postgresStore(pool, { table });
    await other.create('key', session({ subject: 'tom' }), 0);
    const { rows } = await pool.query('SELECT key FROM "Auth"."web_Sessions"');
    expect(rows).toEqual([{ key: 'key' }]);
    const deletions = new EventEmitter();
    const told = once(deletions, 'keys');
    const stop = await other.subscribe?.((keys) => void deletions.emit('keys', keys));
    await other.delete('key');
    expect(await told).toEqual([['key']]);
    stop?.();
  });

  it('makes no table by itself', async () => {
    await expect(postgresStore(pool, { table: 'nowhere' }).load('key')).rejects.toThrow('does not exist');
  });

  it('finds the sessions of a subject and the expired ones by an index', async () => {
    expect(await planOf(pool, `SELECT key FROM sessions WHERE subject = 'a'`)).toContain('sessions_subject');
    expect(await planOf(pool, 'SELECT key FROM sessions WHERE expires_at <= 0')).toContain('sessions_expires_at');
  });

  it('reads numbers that the application has pg give as text', async () => {
    const types = { getTypeParser: () => String };
    const text = new Pool({ connectionString: server.url, types });
    await store.create('numbers', session({ createdAt: 1.5, subject: 'text' }), 0);
    expect(await postgresStore(text).load('numbers')).toEqual(session({ createdAt: 1.5, subject: 'text' }));
    expect(await postgresStore(text).listOf('text')).toMatchObject([{ version: 1, createdAt: 1.5 }]);
    await text.end();
  });

  it.each([undefined, null, {}, 'postgres://localhost', { query: () => {} }])('refuses %p as a pool', (given) => {
    expect(errorOf(() => postgresStore(given as unknown as PostgresPool))).toEqual({
      code: 'ERR_SESSION_OPTION_INVALID',
      message: 'Cannot use the pool of postgresStore(): it has no query() and connect(). Give a Pool of pg.',
    });
  });

  it.each([
    () => postgresStore(pool, { table: 'a"; DROP TABLE b' }),
    () => postgresSchema({ table: 'a"; DROP TABLE b' }),
  ])('refuses a table that is no name: %s', (run) => {
    expect(errorOf(run)).toEqual({
      code: 'ERR_SESSION_OPTION_INVALID',
      message:
        'Cannot use the option "table" of postgresStore(): its value is not possible. ' +
        'Use at most 50 letters, digits and _, with a schema before a dot or without.',
    });
  });
});

async function unreachableStore(): Promise<SessionStore> {
  return postgresStore(new Pool({ host: '127.0.0.1', port: await freePort() }));
}

async function planOf(pool: Pool, sql: string): Promise<string> {
  const client = await pool.connect();
  await client.query('SET enable_seqscan = off');
  const { rows } = await client.query<Record<string, string>>(`EXPLAIN ${sql}`);
  client.release(true);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const START = Math.floor(Date.now() / 1000);

function session(differences: Partial<StoredSession> = {}): StoredSession {
  return { text: '{}', version: 1, createdAt: START, seenAt: START, expiresAt: START + 1000, ...differences };
}
