import { afterAll, beforeAll, it } from '@jest/globals';
import { storeContract } from 'nestjs-sessions/testing';
import { redisStore, type SessionStore } from '../../../lib/store/index.js';
import type { OpenClient } from './redis-clients.js';

/**
 * The contract as tests of the suite around, whose `beforeAll` has started the server.
 *
 * @param connect makes a client of the server
 * @param connectToNone makes one of a port that nothing listens on, for rule 4
 */
export function meetsRedisContract(connect: () => OpenClient, connectToNone: () => Promise<OpenClient>): void {
  const clients: OpenClient[] = [];
  let [store, unreachable] = [{} as SessionStore, {} as SessionStore];

  beforeAll(async () => {
    const [open, closed] = [connect(), await connectToNone()];
    clients.push(open, closed);
    await open.ready;
    [store, unreachable] = [redisStore(open.client), redisStore(closed.client)];
  });

  afterAll(() => {
    for (const { close } of clients) close();
  });

  for (const { name, run } of storeContract(() => store, { unreachable: () => unreachable })) it(name, run);
}
