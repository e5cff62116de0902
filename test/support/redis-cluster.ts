import { Redis } from 'ioredis';
import { freePort } from './programs.js';
import { type RedisServer, startRedis } from './redis-server.js';

/** The hash slots of a third of a cluster, the last one included: 16384 in all. */
const THIRDS = [
  ['0', '5460'],
  ['5461', '10922'],
  ['10923', '16383'],
] as const;

/** How long the nodes may take to find each other, in milliseconds. Redis itself waits for two seconds before it serves. */
const PATIENCE = 20_000;

/** A Redis or Valkey as a cluster, without replicas. */
export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  /** Ends all nodes and removes their data. */
  stop(): Promise<void>;
}

/**
 * Starts three nodes with a third of the slots each.
 *
 * @param program `redis-server` (7.0 or newer, for `cluster-port`) or `valkey-server`
 * @throws Error where they have not found each other in time
 */
export async function startRedisCluster(program?: string): Promise<RedisCluster> {
  const buses = await Promise.all(THIRDS.map(freePort));
  const nodes = await Promise.all(buses.map(async (bus) => startRedis(optionsOf(bus), program)));
  const clients = nodes.map(({ port }) => new Redis({ port }));
  const stop = async () => {
    await Promise.all(nodes.map(async (node) => node.stop()));
  };
  try {
    await Promise.all(
      clients.map(async (client, at) => client.call('CLUSTER', 'ADDSLOTSRANGE', ...(THIRDS[at] ?? []))),
    );
    for (const [at, { port }] of nodes.entries()) {
      await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', `${port}`, `${buses[at]}`);
    }
    const deadline = Date.now() + PATIENCE;
    await Promise.all(clients.map(async (client) => untilServing(client, deadline)));
    return { nodes, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    for (const client of clients) client.disconnect();
  }
}

/** @param bus a port of its own: by default it is 10000 above the other, and may be in use or none at all */
function optionsOf(bus: number): string[] {
  return ['--cluster-enabled', 'yes', '--cluster-port', `${bus}`, '--cluster-announce-ip', '127.0.0.1'];
}

/** Each node says for itself whether it knows who serves each slot. */
async function untilServing(client: Redis, deadline: number): Promise<void> {
  for (let info = ''; !info.includes('cluster_state:ok'); info = String(await client.call('CLUSTER', 'INFO'))) {
    if (Date.now() > deadline) throw new Error(`Cannot start a cluster: its nodes have not found each other.\n${info}`);
  }
}
