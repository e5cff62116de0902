import autocannon from 'autocannon';
import type { ServerProcess } from './server-process.js';

/** Sends a server requests over sockets. @returns its CPU time for them in microseconds */
export async function load(
  server: ServerProcess,
  { requests, connections }: { readonly requests: number; readonly connections: number },
): Promise<number> {
  const before = await server.ask('cpu');
  const headers = { cookie: server.cookie };
  const result = await autocannon({ url: server.url, connections, amount: requests, headers, sampleInt: 50 });
  if (result.errors > 0 || result.non2xx > 0) throw new Error('Requests have failed.');
  return (await server.ask('cpu')) - before;
}
