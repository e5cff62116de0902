import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { Server } from '../server-process.js';
import { StoreClient } from './client.js';
import { StoreTally } from './tally.js';
import { StoreVisitor } from './visitor.js';

const VISITORS = 60;
/** How long Redis is gone, in milliseconds: once in each half. */
const OUTAGES = [700, 2500];

/** The live heaps of both processes, in bytes: after the first half, and in the end. */
export interface Heaps {
  readonly before: number;
  readonly after: number;
}

/** Sends so many requests, and kills Redis in the middle. */
async function visit(visitors: readonly StoreVisitor[], tally: StoreTally, until: number, outage: () => Promise<void>) {
  const middle = (tally.requests + until) / 2;
  let killing: Promise<void> | undefined;
  const work = async (visitor: StoreVisitor) => {
    while (tally.requests < until) {
      if (tally.requests > middle) killing ??= outage();
      await visitor.act();
    }
  };
  await Promise.all(visitors.map(work));
  await killing;
}

async function kill(redis: RedisServer, milliseconds: number): Promise<void> {
  await redis.process.end('SIGKILL');
  await delay(milliseconds);
  await redis.process.start();
}

/** A run whose tally has failures where it could not be ended. @param store `good`, or `overwriting` for the counter-test */
export async function loadStore(platform: string, store: 'good' | 'overwriting', requests: number) {
  const tally = new StoreTally();
  const heaps = await load(platform, store, requests, tally).catch((error: unknown): Heaps => {
    tally.fail(String(error));
    return { before: 0, after: 0 };
  });
  return { tally, heaps };
}

async function load(platform: string, mode: string, requests: number, tally: StoreTally): Promise<Heaps> {
  const redis = await startRedis();
  const servers = [1, 2].map(() => new Server('store/server.ts', [platform, `${redis.port}`, mode], tally));
  const deadline = setTimeout(() => servers.forEach((server) => server.kill()), 60_000 + requests * 20);
  try {
    const listening = await Promise.all(servers.map(async (server) => server.next('listening')));
    const urls = listening.flatMap(({ ports }) => ports).map((port) => `http://127.0.0.1:${port}`);
    const agent = new Agent({ keepAlive: true, maxSockets: VISITORS });
    const client = new StoreClient(urls, agent, tally);
    const visitors = Array.from({ length: VISITORS }, (_, at) => new StoreVisitor(`v${at}v`, client, tally));
    const heaps: number[] = [];
    for (const [half, outage] of OUTAGES.entries()) {
      const until = (requests / OUTAGES.length) * (half + 1);
      await visit(visitors, tally, until, async () => (mode === 'good' ? kill(redis, outage) : undefined));
      agent.destroy();
      const measured = servers.map(async (server) => {
        const next = server.next('heap');
        server.tell('measure');
        return (await next).bytes;
      });
      heaps.push((await Promise.all(measured)).reduce((sum, bytes) => sum + bytes, 0));
    }
    // Once more, when nothing is under way any longer: no late command has brought a session back.
    await Promise.all(visitors.map(async (visitor) => visitor.checkEnded()));
    agent.destroy();
    for (const server of servers) server.tell('stop');
    return { before: heaps[0] ?? 0, after: heaps[1] ?? 0 };
  } finally {
    clearTimeout(deadline);
    for (const server of servers) server.kill();
    await redis.stop();
  }
}
