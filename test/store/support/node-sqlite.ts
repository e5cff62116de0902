// The contract on node:sqlite, in a process of its own: the Node that runs the tests may not have it.
import { test } from 'node:test';
import { sqliteStore, type SqliteDatabase } from 'nestjs-sessions/store';
import { storeContract } from 'nestjs-sessions/testing';

interface NodeSqlite {
  // As a class of Node: its types come with those of Node 22.
  readonly DatabaseSync: new (path: string) => SqliteDatabase & { close(): void };
}

/** A variable: the compiler knows the modules of Node 20. */
const NAME: string = 'node:sqlite';
const { DatabaseSync } = (await import(NAME)) as NodeSqlite;
const closed = new DatabaseSync(':memory:');
const unreachable = sqliteStore(closed);
closed.close();
const checks = storeContract(sqliteStore(new DatabaseSync(':memory:')), { unreachable: () => unreachable });
for (const { name, run } of checks) test(name, run);
