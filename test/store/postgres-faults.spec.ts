import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { Pool } from 'pg';
import { postgresSchema, postgresStore, type SessionStore } from '../../lib/store/index.js';
import { type PostgresServer, startPostgres } from '../support/postgres-server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { CALLS, DELETIONS, rejection, session, untilAnswered, WRITES } from './support/calls.js';
import { itSurvivesLateCommands } from './support/late-commands.js';
import { describeWith } from './support/with-server.js';

describeWith('postgres', 'postgresStore() in an outage', () => {
  let server: PostgresServer;
  let direct: Pool;
  let proxy: TcpProxy;
  let pool: Pool;
  let store: SessionStore;

  beforeAll(async () => {
    server = await startPostgres();
    direct = new Pool({ connectionString: server.url });
    direct.on('error', () => {});
    await direct.query(postgresSchema());
  });

  afterAll(async () => {
    await direct.end();
    await server.stop();
  });

  beforeEach(async () => {
    await direct.query('TRUNCATE sessions');
    proxy = await TcpProxy.start(server.port);
    pool = proxiedPool({});
    store = postgresStore(pool);
    await store.create('key', session(), 0);
  });

  afterEach(async () => {
    await proxy.stop();
    await pool.end();
  });

  function proxiedPool(settings: object): Pool {
    const made = new Pool({ host: '127.0.0.1', port: proxy.port, user: 'postgres', ...settings });
    made.on('error', () => {});
    return made;
  }

  it.each(CALLS)('%s rejects where the connection is cut before it is answered', async (_, call) => {
    proxy.mode = 'hold';
    const sent = proxy.nextBytes();
    const answer = rejection(call(store));
    await sent;
    proxy.cut();
    expect(await answer).toContain('Connection terminated');
  });

  it.each(CALLS)('%s rejects where the connection is cut in the middle of the answer', async (_, call) => {
    proxy.mode = 'answer-partly';
    const answered = proxy.nextBytes();
    const answer = rejection(call(store));
    await answered;
    proxy.cut();
    expect(await answer).toContain('Connection terminated');
  });

  it.each(CALLS)('%s rejects after query_timeout where the server does not answer', async (_, call) => {
    const timed = proxiedPool({ query_timeout: 500 });
    await timed.query('SELECT 1');
    proxy.mode = 'hold';
    expect(await rejection(call(postgresStore(timed)))).toBe('Query read timeout');
    proxy.mode = 'pass';
    await timed.end();
  });

  it.each(CALLS)('%s rejects after connectionTimeoutMillis where the pool is exhausted', async (_, call) => {
    const small = proxiedPool({ max: 1, connectionTimeoutMillis: 500 });
    const taken = await small.connect();
    expect(await rejection(call(postgresStore(small)))).toContain('timeout exceeded when trying to connect');
    taken.release();
    expect(await postgresStore(small).load('key')).toMatchObject({ text: '{}', version: 1 });
    await small.end();
  });

  it.each([...WRITES, ...DELETIONS])('%s rejects on a server that is read-only', async (_, call) => {
    const readOnly = new Pool({ connectionString: server.url, options: '-c default_transaction_read_only=on' });
    expect(await rejection(call(postgresStore(readOnly)))).toContain('read-only transaction');
    expect(await postgresStore(readOnly).load('key')).toMatchObject({ text: '{}', version: 1 });
    await readOnly.end();
  });

  it('rejects everything while the server is down, and works again by itself, with all data', async () => {
    await server.process.end('SIGQUIT');
    for (const [, call] of CALLS) expect(await rejection(call(store))).not.toBe('');
    await server.process.start();
    await untilAnswered(store);
    expect(await store.load('key')).toMatchObject({ text: '{}', version: 1 });
    expect(await store.save('key', session(), false)).toBe('saved');
  });

  it('tells of deletions again when the server is back', async () => {
    const deletions = new EventEmitter();
    const told = once(deletions, 'keys');
    const stop = await store.subscribe?.((keys) => void deletions.emit('keys', keys));
    await server.process.end('SIGQUIT');
    await server.process.start();
    await untilAnswered(store);
    // Who listens connects again after a second: until then its messages are lost.
    const listening = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE query = 'LISTEN "sessions_deleted"'`;
    for (let count = 0; count === 0;) count = (await direct.query<{ count: number }>(listening)).rows[0]?.count ?? 0;
    await store.delete('key');
    expect(await told).toEqual([['key']]);
    stop?.();
  });

  it('rejects where nobody can listen', async () => {
    proxy.mode = 'hold';
    const small = proxiedPool({ connectionTimeoutMillis: 500 });
    await expect(postgresStore(small).subscribe?.(() => {})).rejects.toThrow('timeout');
    await small.end();
  });

  itSurvivesLateCommands(() => ({ proxied: store, direct: postgresStore(direct), proxy }));
});
