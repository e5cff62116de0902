import { once } from 'node:events';
import autocannon from 'autocannon';
import type { ServerProcess } from './server-process.js';

/** How many requests are sent, and over how many sockets. */
export interface Load {
  readonly requests: number;
  readonly connections: number;
}

/** Ends what nobody stops: in seconds. */
const LONGEST = 600;

/** Sends a server so many requests over sockets. */
export async function send(server: ServerProcess, { requests, connections }: Load): Promise<void> {
  refuseErrors(await autocannon({ ...targetOf(server), connections, amount: requests }));
}

/**
 * Sends a server requests over sockets until it has answered about so many, on connections that have all been opened, and
 * used once, before. What counts is what the server says that it has had meanwhile.
 *
 * @returns its CPU time for so many requests in microseconds
 */
export async function load(server: ServerProcess, { requests, connections }: Load): Promise<number> {
  await server.ask({ hold: connections });
  // With a callback it is an emitter, without one a promise.
  const shots = autocannon({ ...targetOf(server), connections, duration: LONGEST }, () => undefined);
  const running = new Set<autocannon.Client>();
  await responses(shots, (client) => running.add(client).size === connections);
  const before = await server.served();
  // Fewer would all have been under way before.
  let left = Math.max(requests, 2 * connections);
  await responses(shots, () => --left <= 0);
  const after = await server.served();
  shots.stop();
  const [result] = (await once(shots, 'done')) as [autocannon.Result];
  refuseErrors(result);
  return ((after.cpu - before.cpu) / (after.requests - before.requests)) * requests;
}

function targetOf({ url, cookie }: ServerProcess): autocannon.Options {
  // Every so many milliseconds autocannon looks whether it is to stop.
  return { url, headers: { cookie }, sampleInt: 10 };
}

/** Resolves with the response that is enough. */
function responses(shots: autocannon.Instance, isEnough: (client: autocannon.Client) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const heard = (client: autocannon.Client) => {
      if (!isEnough(client)) return;
      shots.off('response', heard).off('reqError', reject);
      resolve();
    };
    shots.on('response', heard).on('reqError', reject);
  });
}

/** @throws Error where not all has gone well */
function refuseErrors({ errors, non2xx }: autocannon.Result): void {
  if (errors > 0 || non2xx > 0) throw new Error('Requests have failed.');
}
