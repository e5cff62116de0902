import { optionError } from '../rules/option-error.js';

/** A client of ioredis or iovalkey: `new Redis()`, `new Redis.Cluster()`. */
interface IoredisClient {
  call(command: string, ...args: string[]): Promise<unknown>;
  duplicate(...args: never[]): unknown;
}

/** A client of node-redis, connected by the application: `createClient()`, `createCluster()`. */
interface NodeRedisClient {
  /** Whether commands are sent at once; a cluster does not say. */
  readonly isReady?: boolean;
  sendCommand(...args: never[]): Promise<unknown>;
  duplicate(...args: never[]): unknown;
}

/** What {@link redisStore} takes: the client that the application has. It is recognised by its methods. */
export type RedisClient = IoredisClient | NodeRedisClient;

/** The two things that a store needs of a client, whichever it is. */
export interface RedisConnection {
  /** Sends a command; `key` is the one that it works on, for a cluster. */
  send(key: string, ...command: [string, ...string[]]): Promise<unknown>;
  /** Listens to a channel on a connection of its own. @returns stops it */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => void>;
}

/** @throws SessionError `ERR_SESSION_OPTION_INVALID` for an object that is no such client */
export function connectionOf(client: RedisClient): RedisConnection {
  const methods = (client ?? {}) as Partial<IoredisClient & NodeRedisClient>;
  if (typeof methods.call === 'function') return ioredis(client as IoredisClient);
  if (typeof methods.sendCommand === 'function') return nodeRedis(client as NodeRedisClient);
  throw optionError(
    'ERR_SESSION_OPTION_INVALID',
    'the client of redisStore()',
    'it has neither call() nor sendCommand()',
    'Give a client of ioredis, iovalkey or redis.',
  );
}

interface IoredisSubscriber {
  on(event: 'message', listener: (channel: string, message: string) => void): void;
  on(event: 'error', listener: () => void): void;
  subscribe(channel: string): Promise<unknown>;
  disconnect(): void;
}

function ioredis(client: IoredisClient): RedisConnection {
  return {
    send: (_, command, ...args) => client.call(command, ...args),
    async subscribe(channel, listener) {
      // The settings that make commands fail fast would make this one fail while the connection is being made.
      const patient = { enableOfflineQueue: true, maxRetriesPerRequest: null };
      const isCluster = 'nodes' in client;
      const args = isCluster ? [[], { enableOfflineQueue: true }] : [patient];
      const subscriber = client.duplicate(...(args as never[])) as IoredisSubscriber;
      subscriber.on('error', ignored);
      subscriber.on('message', (_, message) => listener(message));
      await subscriber.subscribe(channel);
      return () => subscriber.disconnect();
    },
  };
}

interface NodeRedisSubscriber {
  on(event: 'error', listener: () => void): void;
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  destroy(): void;
}

/** Texts as texts, whatever the application wants for its own commands. */
const AS_TEXT = { typeMapping: {} };
/**
 * Without the limit for a command that waits to be sent, 5 seconds by default: a timer and an `AbortSignal` each, which cost
 * a third of a command. Where the connection is ready no command waits, and sessions have a deadline of their own.
 */
const AT_ONCE = { ...AS_TEXT, timeout: 0 };

function nodeRedis(client: NodeRedisClient): RedisConnection {
  const isCluster = 'slots' in client;
  return {
    send: (key, ...command) => {
      const options = client.isReady === true ? AT_ONCE : AS_TEXT;
      return client.sendCommand(...((isCluster ? [key, false, command, options] : [command, options]) as never[]));
    },
    async subscribe(channel, listener) {
      const subscriber = client.duplicate({ disableOfflineQueue: false } as never) as NodeRedisSubscriber;
      subscriber.on('error', ignored);
      await subscriber.connect();
      await subscriber.subscribe(channel, (message) => listener(message));
      return () => subscriber.destroy();
    },
  };
}

/** The client connects and subscribes again by itself. Without a listener an error would end the process. */
function ignored(): void {
  // The application's own client has the same server, and tells.
}
