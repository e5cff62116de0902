// A Redis of our own, on a free port and with its files in a temporary folder, for the rows with a store.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** @returns where it listens, and what ends it; `undefined` where Redis is not installed */
export async function startRedis(): Promise<{ readonly url: string; stop(): void } | undefined> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const folder = mkdtempSync(join(tmpdir(), 'sessions-bench-'));
  const server = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '']);
  server.on('error', () => undefined);
  const stop = () => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  for await (const line of createInterface(server.stdout)) {
    if (line.includes('Ready to accept connections')) return { url: `redis://127.0.0.1:${port}`, stop };
  }
  stop();
  return undefined;
}
