import { createClient, createCluster } from 'redis';
import { Redis } from 'ioredis';
import iovalkey from 'iovalkey';
import type { RedisClient } from '../../../lib/store/index.js';

/** A client that was just made, and what ends it. */
export interface OpenClient {
  readonly client: RedisClient;
  /** Ends when it is connected: without a server never. */
  readonly ready: Promise<unknown>;
  readonly close: () => void;
}

/** Limits the time of one command, in milliseconds. */
interface Limit {
  readonly commandTimeout?: number;
}

/** As docs/store.md has it, but for the pause between two attempts to connect, and for what limits the time of a command. */
const FAIL_FAST = {
  host: '127.0.0.1',
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  retryStrategy: () => 20,
  // The timer outlives a client that is closed before it is connected, and with it the process of the tests.
  disconnectTimeout: 20,
};

const CLUSTER_FAIL_FAST = {
  enableOfflineQueue: false,
  clusterRetryStrategy: () => 20,
  redisOptions: { maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false },
};

/** Makes clients by name, with the settings that make them fail fast. */
export const CLIENTS = {
  ioredis: (port: number, limit?: Limit) => opened(new Redis({ port, ...FAIL_FAST, ...limit })),
  iovalkey: (port: number, limit?: Limit) => opened(new iovalkey.Redis({ port, ...FAIL_FAST, ...limit })),
  'node-redis': (port: number, { commandTimeout }: Limit = {}) => {
    const limit = commandTimeout === undefined ? {} : { socketTimeout: commandTimeout };
    const socket = { host: '127.0.0.1', port, reconnectStrategy: () => 20, ...limit };
    return connected(createClient({ socket, disableOfflineQueue: true }));
  },
} satisfies Readonly<Record<string, (port: number, limit?: Limit) => OpenClient>>;

/** The names of the clients. */
export const NAMES = Object.keys(CLIENTS) as (keyof typeof CLIENTS)[];

/** Makes clients of a cluster by name: with the settings of docs/store.md, but for the pause between two attempts to connect. */
export const CLUSTER_CLIENTS = {
  ioredis: (port) => opened(new Redis.Cluster([{ host: '127.0.0.1', port }], CLUSTER_FAIL_FAST)),
  iovalkey: (port) => opened(new iovalkey.Cluster([{ host: '127.0.0.1', port }], CLUSTER_FAIL_FAST)),
  'node-redis': (port) =>
    connected(
      createCluster({
        rootNodes: [{ url: `redis://127.0.0.1:${port}` }],
        defaults: { disableOfflineQueue: true, socket: { reconnectStrategy: () => 20 } },
      }),
    ),
} satisfies Readonly<Record<keyof typeof CLIENTS, (port: number) => OpenClient>>;

interface IoredisLike {
  on(event: 'error', listener: () => void): unknown;
  once(event: 'ready', listener: () => void): unknown;
  disconnect(): void;
}

function opened(client: IoredisLike & RedisClient): OpenClient {
  client.on('error', () => {});
  const ready = new Promise<void>((resolve) => void client.once('ready', resolve));
  return { client, ready, close: () => client.disconnect() };
}

interface NodeRedisLike {
  on(event: 'error', listener: () => void): unknown;
  connect(): Promise<unknown>;
  destroy(): void;
}

function connected(client: NodeRedisLike & RedisClient): OpenClient {
  client.on('error', () => {});
  // Rejected where it is closed before there was a server.
  const ready = client.connect().catch(() => {});
  return { client, ready, close: () => client.destroy() };
}
