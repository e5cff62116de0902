// A Redis of our own, on a free port and with its files in a temporary folder, for the rows with a store.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs it until this process ends. @returns where it listens; `undefined` where Redis is not installed */
export async function startRedis(): Promise<string | undefined> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const folder = mkdtempSync(join(tmpdir(), 'sessions-bench-'));
  const server = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '']);
  process.once('exit', () => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  server.on('error', () => undefined);
  for await (const text of server.stdout.setEncoding('utf8')) {
    if (`${text}`.includes('Ready to accept connections')) return `redis://127.0.0.1:${port}`;
  }
  return undefined;
}
