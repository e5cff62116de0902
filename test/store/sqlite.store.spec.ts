import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeContract } from 'nestjs-sessions/testing';
import { type SqliteDatabase, sqliteStore, type StoredSession } from '../../lib/store/index.js';
import { errorOf } from '../support/errors.js';
import { nodeTest } from '../support/test-runners.js';

const NODE_SQLITE = new URL('./support/node-sqlite.ts', import.meta.url);

describe('sqliteStore() on better-sqlite3', () => {
  const database = new Database(':memory:');

  afterAll(() => void database.close());

  describe('meets the contract', () => {
    const store = sqliteStore(database);
    for (const { name, run } of storeContract(store, { unreachable: closedStore })) it(name, run);
  });
});

describe('sqliteStore() on node:sqlite', () => {
  // NODE_WITH_SQLITE: a newer Node, where the one that runs the tests has no node:sqlite. Set by .ci/run.
  const node = [process.execPath, process.env.NODE_WITH_SQLITE].find((path) => path !== undefined && hasSqlite(path));

  if (node === undefined) it.skip(`is skipped: Node ${process.version} has no node:sqlite`, () => {});
  else {
    it('meets the contract', () => {
      const checks = storeContract(sqliteStore(new Database(':memory:')), { unreachable: closedStore });
      expect(nodeTest(NODE_SQLITE, node)).toEqual({ pass: checks.length, fail: 0 });
    });
  }
});

describe('sqliteStore() on a file that two processes use', () => {
  let folder: string;
  let one: Database.Database;
  let other: Database.Database;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sessions-sqlite-'));
    const open = () => new Database(join(folder, 'sessions.db'), { timeout: 0 });
    [one, other] = [open(), open()];
    one.pragma('journal_mode = WAL');
  });

  afterEach(() => {
    one.close();
    other.close();
    rmSync(folder, { recursive: true });
  });

  it('shows each what the other has written', async () => {
    const [here, there] = [sqliteStore(one), sqliteStore(other)];
    await here.create('key', session({ subject: 'tom' }), 0);
    expect(await there.load('key')).toEqual(session({ subject: 'tom' }));
    expect(await there.save('key', session(), false)).toBe('saved');
    expect(await here.save('key', session(), false)).toBe('conflict');
    await there.deleteAllOf('amy', session().createdAt);
    expect(await here.create('late', session({ subject: 'amy' }), session().createdAt)).toBe('revoked');
  });

  it('rejects what it cannot write because the other holds the lock, and reads on', async () => {
    const store = sqliteStore(one);
    await store.create('key', session({ subject: 'tom' }), 0);
    other.exec('BEGIN IMMEDIATE');
    const writes = [
      store.create('other', session(), 0),
      store.save('key', session(), false),
      store.touch('key', 0, Infinity),
      store.delete('key'),
      store.deleteAllOf('tom', Infinity),
      store.sweep?.(10),
    ];
    for (const write of writes) await expect(write).rejects.toThrow('database is locked');
    expect(await store.load('key')).toEqual(session({ subject: 'tom' }));
    expect(await store.listOf('tom')).toHaveLength(1);
    other.exec('ROLLBACK');
    expect(await store.save('key', session(), false)).toBe('saved');
  });

  it('keeps its sessions where the process ends', async () => {
    await sqliteStore(one).create('key', session(), 0);
    one.close();
    one = new Database(join(folder, 'sessions.db'));
    expect(await sqliteStore(one).load('key')).toEqual(session());
  });
});

describe('sqliteStore()', () => {
  it('makes its table where it is not there, under the name that is asked for', async () => {
    const database = new Database(':memory:');
    await sqliteStore(database, { table: 'logins' }).create('key', session(), 0);
    expect(await sqliteStore(database, { table: 'logins' }).load('key')).toEqual(session());
    expect(database.prepare('SELECT count(*) AS count FROM logins').get()).toEqual({ count: 1 });
  });

  it.each([undefined, null, {}, 'sessions.db'])('refuses %p as a database', (database) => {
    expect(errorOf(() => sqliteStore(database as SqliteDatabase))).toEqual({
      code: 'ERR_SESSION_OPTION_INVALID',
      message:
        'Cannot use the database of sqliteStore(): it has no exec() and prepare(). ' +
        'Give a database of node:sqlite or better-sqlite3.',
    });
  });

  it.each(['', 'a b', 'a"b', 'a;b', '1a', 'a.b.c', 'ä', 'a'.repeat(51)])('refuses a table called %p', (table) => {
    expect(errorOf(() => sqliteStore(new Database(':memory:'), { table }))).toEqual({
      code: 'ERR_SESSION_OPTION_INVALID',
      message:
        'Cannot use the option "table" of sqliteStore(): its value is not possible. ' +
        'Use at most 50 letters, digits and _, with a schema before a dot or without.',
    });
  });
});

/** A store whose database was closed. */
function closedStore() {
  const database = new Database(':memory:');
  const store = sqliteStore(database);
  database.close();
  return store;
}

function hasSqlite(node: string): boolean {
  const program = `process.stdout.write(String(require('node:module').builtinModules.some((name) => name.endsWith('sqlite'))))`;
  const { NODE_OPTIONS: _, ...env } = process.env;
  return execFileSync(node, ['-e', program], { encoding: 'utf8', env }) === 'true';
}

const START = Math.floor(Date.now() / 1000);

function session(differences: Partial<StoredSession> = {}): StoredSession {
  return { text: '{}', version: 1, createdAt: START, seenAt: START, expiresAt: START + 1000, ...differences };
}
