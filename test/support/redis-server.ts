import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePort } from './programs.js';
import { ServerProcess } from './server-process.js';

/** A Redis or Valkey on a free port, with its data in a temporary folder. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly process: ServerProcess;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts a server that has every confirmed write on the disk: it survives `kill -9`.
 *
 * @param options of redis.conf, as arguments
 * @param program `redis-server` or `valkey-server`
 */
export async function startRedis(options: readonly string[] = [], program = 'redis-server'): Promise<RedisServer> {
  const path = findProgram(program);
  if (path === undefined) throw new Error(`Cannot start ${program}: it is not installed.`);
  const [folder, port] = [mkdtempSync(join(tmpdir(), 'sessions-redis-')), await freePort()];
  const durable = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, ...durable, ...options];
  const server = new ServerProcess({ program: path, args, ready: 'Ready to accept connections' });
  await server.start();
  const stop = async () => {
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, url: `redis://127.0.0.1:${port}`, process: server, stop };
}
