// A Redis of our own, on a free port and without files, for the rows with a store.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Runs it until this process ends. @returns where it listens; `undefined` where Redis is not installed */
export async function startRedis(): Promise<string | undefined> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const server = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '']);
  process.once('exit', () => server.kill());
  server.on('error', () => undefined);
  for await (const text of server.stdout.setEncoding('utf8')) {
    if (`${text}`.includes('Ready to accept connections')) return `redis://127.0.0.1:${port}`;
  }
  return undefined;
}
