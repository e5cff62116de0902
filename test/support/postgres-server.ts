import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePort, idsOf } from './programs.js';
import { ServerProcess } from './server-process.js';

/** A Postgres on a free port, with its data in a temporary folder. */
export interface PostgresServer {
  readonly port: number;
  readonly url: string;
  readonly process: ServerProcess;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Starts a server of its own cluster of databases. @param options such as `max_connections=5` */
export async function startPostgres(options: readonly string[] = []): Promise<PostgresServer> {
  const [program, initdb] = [findProgram('postgres'), findProgram('initdb')];
  if (program === undefined || initdb === undefined) throw new Error('Cannot start postgres: it is not installed.');
  const [folder, port, ids] = [mkdtempSync(join(tmpdir(), 'sessions-postgres-')), await freePort(), idsOf('postgres')];
  if (ids !== undefined) chownSync(folder, ids.uid, ids.gid);
  const initial = ['-D', folder, '-A', 'trust', '-U', 'postgres', '--no-sync', '--locale=C', '-E', 'UTF8'];
  execFileSync(initdb, initial, { stdio: 'pipe', ...ids });
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, ...options];
  const args = ['-D', folder, '-p', `${port}`, ...settings.flatMap((setting) => ['-c', setting])];
  const server = new ServerProcess({ program, args, ready: 'is ready to accept connections', ids });
  await server.start();
  const stop = async () => {
    // "Immediate": as a crash, but with its children.
    await server.end('SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, url: `postgres://postgres@127.0.0.1:${port}/postgres`, process: server, stop };
}
