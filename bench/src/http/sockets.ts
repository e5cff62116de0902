import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import type { Samples } from '../measure/rounds.js';
import { type Effort, settingOf } from '../settings.js';
import { cookiesOf } from './cookies.js';
import type { Platform } from './platform.js';
import type { FromServer, Order } from './protocol.js';
import { variantsOn } from './variants.js';

/** Elsewhere the system decides who runs where, and the figures are noisier. */
const CAN_PIN = process.platform === 'linux' && availableParallelism() > 1;

/** An application that runs alone on the first core; whoever asks it sits on the second one. */
export class Server {
  readonly #child: ChildProcess;
  #url = '';
  #cookie = '';

  constructor(order: Order) {
    const file = fileURLToPath(new URL('server.js', import.meta.url));
    const command = [process.execPath, '--expose-gc', file, JSON.stringify(order)];
    const [program = '', ...args] = CAN_PIN ? ['taskset', '-c', '0', ...command] : command;
    this.#child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  async start(): Promise<void> {
    const { port = 0 } = await this.#heard();
    this.#url = `http://127.0.0.1:${port}`;
    const login = await fetch(`${this.#url}/login`);
    this.#cookie = cookiesOf(login.headers.getSetCookie());
  }

  /** CPU time of a request in microseconds. */
  async load(requests: number, connections = 10): Promise<number> {
    const before = await this.#asked('cpu');
    const result = await autocannon({
      url: this.#url,
      connections,
      amount: requests,
      headers: { cookie: this.#cookie },
    });
    if (result.errors > 0 || result.non2xx > 0) throw new Error('Requests have failed.');
    return ((await this.#asked('cpu')) - before) / requests;
  }

  /** Bytes of the heap after it was collected. */
  heap(): Promise<number> {
    return this.#asked('heap');
  }

  stop(): void {
    this.#child.kill();
  }

  async #asked(what: 'cpu' | 'heap'): Promise<number> {
    this.#child.send(what);
    return (await this.#heard()).value ?? Number.NaN;
  }

  async #heard(): Promise<FromServer> {
    const [message] = (await once(this.#child, 'message')) as [FromServer];
    return message;
  }
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

/** Keeps this process off the core of the servers. */
export function leaveFirstCore(): void {
  if (CAN_PIN) spawnSync('taskset', ['-acp', '1', String(process.pid)]);
}

async function started(order: Order): Promise<Server> {
  const server = new Server(order);
  await server.start();
  return server;
}

/** All variants over real sockets, by turns. */
export async function measureSockets(platform: Platform, { sockets: { count, requests } }: Effort): Promise<Samples> {
  const setting = settingOf(platform);
  const names = [...variantsOn(platform).map(({ name }) => name), 'empty interceptor'];
  const servers = await Promise.all(names.map((variant) => started({ variant, setting })));
  const samples = new Map<string, number[]>();
  for (const server of servers) await server.load(requests * 2);
  for (let round = 0; round < count; round++) {
    for (const [index, server] of servers.entries()) {
      const name = index === names.length - 1 ? 'empty interceptor, again' : (names[index] ?? '');
      samples.set(name, [...(samples.get(name) ?? []), await server.load(requests)]);
    }
  }
  for (const server of servers) server.stop();
  return samples;
}

/** How many rounds of requests a server has had before its heap is measured at first and at the end. */
export const HEAP_ROUNDS = [1, 11] as const;

/** From one connection to many, and what the heap has grown to. */
export async function measureConcurrency(
  platform: Platform,
  requests: number,
): Promise<{ samples: Samples; heaps: string[] }> {
  const samples = new Map<string, number[]>();
  const heaps: string[] = [];
  for (const variant of ['empty interceptor', 'nestjs-sessions, read', 'nestjs-sessions, written']) {
    const server = await started({ variant, setting: settingOf(platform) });
    await server.load(requests);
    const before = await server.heap();
    for (const connections of [1, 16, 64, 256]) {
      samples.set(`${variant}, ${connections} at once`, [await server.load(requests, connections)]);
    }
    await server.load(requests * 6);
    heaps.push(`${variant}: ${mib(before)} MiB at first, ${mib(await server.heap())} MiB at the end`);
    server.stop();
  }
  return { samples, heaps };
}
