// Two processes whose sessions are in one Redis, which is killed twice: npm run test:load -- --store
import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { Server } from '../server-process.js';
import { StoreTally } from './tally.js';
import { StoreVisitor } from './visitor.js';

/** For each platform. */
const REQUESTS = Number(process.env.LOAD_REQUESTS ?? 20_000);
/** Of the counter-test: as many as are sure to fail. */
const COUNTER_REQUESTS = Math.min(REQUESTS, 4000);
const VISITORS = 60;
/** How long Redis is gone, in milliseconds: once in each half. */
const OUTAGES = [700, 2500];
/** The live heap may grow by so much between the first half and the end. */
const GROWTH = 1.1;
/** After so many milliseconds a run has failed. */
const DEADLINE = 60_000 + REQUESTS * 20;
const MIB = 1024 * 1024;

interface Heaps {
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

async function load(platform: string, mode: string, requests: number, tally: StoreTally): Promise<Heaps> {
  const redis = await startRedis();
  const servers = [1, 2].map(() => new Server('store/server.ts', [platform, `${redis.port}`, mode], tally));
  const deadline = setTimeout(() => servers.forEach((server) => server.kill()), DEADLINE);
  try {
    const listening = await Promise.all(servers.map(async (server) => server.next('listening')));
    const urls = listening.flatMap(({ ports }) => ports).map((port) => `http://127.0.0.1:${port}`);
    const agent = new Agent({ keepAlive: true, maxSockets: VISITORS });
    const visitors = Array.from({ length: VISITORS }, (_, at) => new StoreVisitor(`v${at}v`, urls, agent, tally));
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

async function run(name: string, platform: string, mode: string, requests: number) {
  const tally = new StoreTally();
  const start = performance.now();
  const heaps = await load(platform, mode, requests, tally).catch((error: unknown) => {
    tally.fail(String(error));
    return { before: 0, after: 0 };
  });
  const { confirmed, lost, resurrected, crossTalk, aborts, outages, errors } = tally;
  const heap = `heap ${(heaps.before / MIB).toFixed(1)} -> ${(heaps.after / MIB).toFixed(1)} MiB`;
  process.stdout.write(
    `${name}: ${tally.requests} requests, ${confirmed} confirmed writes, ${lost} lost, ${resurrected} resurrected, ` +
      `${crossTalk} cross-talk, ${aborts} aborts, ${outages} times 503, ${errors} errors, ${heap} ` +
      `(${((performance.now() - start) / 1000).toFixed(0)} s)\n`,
  );
  for (const text of tally.samples) process.stdout.write(`  ${text}\n`);
  return { tally, heaps };
}

for (const platform of ['express', 'fastify']) {
  const { tally, heaps } = await run(platform, platform, 'good', REQUESTS);
  const { requests, outages, aborts } = tally;
  const isComplete = requests >= REQUESTS && outages > 0 && aborts > 0;
  if (!tally.isClean || !isComplete || heaps.after > heaps.before * GROWTH) process.exitCode = 1;
}

const { tally } = await run('counter-test, a store that overwrites', 'express', 'overwriting', COUNTER_REQUESTS);
if (tally.lost === 0 || tally.resurrected === 0 || tally.errors > 0) process.exitCode = 1;
