// Whole applications over sockets: the CPU time that a server process needs for a request.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import autocannon from 'autocannon';
import { type Order, visitorOf } from './apps/application.js';
import { DIST, handWritten, newCodec } from './codecs.js';
import { AGAIN, EMPTY, isJudged, NEW, OURS, type Platform } from './goals.js';
import { byTurns, type Costs, median } from './measure.js';
import type { Question } from './server.js';

/** One application, and the requests that it is sent. */
export interface Row extends Order {
  readonly name: string;
  /** What is done with the session. */
  readonly page: 'untouched' | 'read' | 'written' | 'injected';
  /** What the log-in has set, again and again; tokens that were never seen before; or what is no session. */
  readonly cookies: 'login' | 'new' | 'half new' | '400 clients' | 'junk' | 'forged';
}

/**
 * How much is measured. Many starts: processes of one application differ by some percent for as long as they live. Rows
 * without a goal take part in `fewStarts`. Each process is sent `slices` of `slice` milliseconds of CPU time, as on Express
 * shorter ones do not cover a collection, after `warmUp` ones that do not count: Node 24 needs 20,000 requests, Node 20 less.
 */
export type Effort = Readonly<Record<'starts' | 'fewStarts' | 'warmUp' | 'slices' | 'slice', number>>;

const CONNECTIONS = 32;
const USUAL = { cookies: 'login', interceptor: 'none', size: 139, options: {}, dist: DIST } as const;
const NEST = { app: 'nest', page: 'untouched', interceptor: 'empty' } as const;
/** Those with a goal, and one more. */
export const PEERS = {
  Express: ['cookie-session', 'express-session', 'express-session, Redis', 'iron-session'],
  Fastify: ['@fastify/secure-session', '@fastify/session', '@fastify/session, Redis', 'iron-session'],
} as const;

/** All rows of a platform. */
export function rowsOn(platform: Platform): Row[] {
  type Own = Pick<Row, 'app' | 'page'> & Partial<Row>;
  const row = (name: string, own: Own): Row => ({ ...USUAL, platform, name, ...own });
  const ours = (name: string, more: Partial<Row>) => row(`${OURS}, ${name}`, { app: 'ours', page: 'read', ...more });
  const both = ['read', 'written'] as const;
  const forgetful = { options: { rememberVerified: false }, cookies: 'new' } as const;
  const rows = [
    row(EMPTY, NEST),
    row(AGAIN, NEST),
    row('interceptor that acts afterwards', { ...NEST, interceptor: 'afterwards' }),
    ...both.flatMap((page) => {
      const byHand = { app: 'hand-written', page, interceptor: 'empty' } as const;
      return [row(`hand-written, ${page}`, byHand), row(`hand-written, ${page}${NEW}`, { ...byHand, cookies: 'new' })];
    }),
    ours('untouched', { page: 'untouched' }),
    ...both.flatMap((page) => [
      ours(page, { page }),
      ours(page + NEW, { page, cookies: 'new' }),
      ours(`encrypted, ${page}`, { page, options: { encrypt: true } }),
    ]),
    ours('read, half of the tokens new', { cookies: 'half new' }),
    ours('read, 400 clients', { cookies: '400 clients' }),
    ...(['untouched', 'read'] as const).map((page) => {
      return ours(`current session, ${page}`, { page, options: { currentSession: true } });
    }),
    ours('injected, read', { page: 'injected' }),
    ours('memory, read', { store: 'memory' }),
    ...(['untouched', ...both] as const).map((page) => ours(`Redis, ${page}`, { page, store: 'redis' })),
    ours('junk cookie', { cookies: 'junk' }),
    ours('forged cookie', { cookies: 'forged' }),
    ...[1000, 2500].flatMap((size) => [
      row(`${EMPTY}, ${size} bytes`, { ...NEST, size }),
      ours(`read, ${size} bytes`, { size }),
    ]),
    ours(`read${NEW}, 2500 bytes`, { size: 2500, cookies: 'new' }),
    ours(`nothing remembered, read${NEW}`, forgetful),
    ours(`nothing remembered, read${NEW}, 2500 bytes`, { size: 2500, ...forgetful }),
    ...PEERS[platform].flatMap((peer) => {
      const app = peer.replace('@fastify/', 'fastify-').replace(', Redis', '');
      const place = peer.endsWith('Redis') ? ({ store: 'redis' } as const) : {};
      return both.map((page) => row(`${peer}, ${page}`, { app, page, interceptor: 'empty', ...place }));
    }),
  ];
  return rows.filter(({ store }) => store !== 'redis' || process.env.REDIS_URL !== undefined);
}

/** An application that runs in a process of its own. */
export class ServerProcess {
  /** Requests in the next slice. */
  times = 1000;
  /** Microseconds of CPU time for a request, in each slice. */
  readonly costs: number[] = [];
  /** What browsers send after a log-in. */
  readonly #logins: string[] = [];
  readonly #clients: readonly string[];

  private constructor(
    readonly row: Row,
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {
    this.#clients = Array.from({ length: 400 }, () => newCookie(row));
  }

  static async start(row: Row, node: string, flags: readonly string[] = []): Promise<ServerProcess> {
    // Without the flag, V8 tidies up a process that waits for its turn, and throws away what it has compiled.
    const options = { execPath: node, execArgv: ['--no-memory-reducer', ...flags] };
    const child = fork(new URL('server.js', import.meta.url), [JSON.stringify(row)], options);
    const server = new ServerProcess(row, child, `http://127.0.0.1:${await messageOf(child)}/`);
    // Nobody writes a session in so many requests at once: each connection has its own where they would meet in a store.
    for (let visitor = 0; visitor < (row.store === undefined ? 1 : CONNECTIONS); visitor++) await server.#logIn();
    return server;
  }

  /** Sends so many requests. @returns microseconds of CPU time for each */
  async spend(amount: number): Promise<number> {
    const cookies = this.#cookies(amount);
    const before = await this.ask('cpu');
    await this.send(cookies, amount, CONNECTIONS);
    return ((await this.ask('cpu')) - before) / amount;
  }

  /** Sends so many requests with these cookies, dealt out among the connections. */
  async send(cookies: readonly string[], amount: number, connections: number): Promise<void> {
    const { name, page } = this.row;
    let opened = 0;
    const { errors, non2xx, requests } = await autocannon({
      url: this.url + page,
      amount,
      connections,
      headers: { cookie: cookies[0] },
      // Every so many milliseconds autocannon looks whether it is to stop.
      sampleInt: 10,
      setupClient(client) {
        const own = opened++;
        if (cookies.length === 1) return;
        const hand = cookies.filter((_, index) => index % connections === own);
        client.setRequests(hand.map((cookie) => ({ method: 'GET', path: `/${page}`, headers: { cookie } })));
      },
    });
    if (errors > 0 || non2xx > 0 || requests.sent !== amount) throw new Error(`${name}: requests have failed.`);
  }

  ask<T = number>(question: Question): Promise<T> {
    this.child.send(question);
    return messageOf<T>(this.child);
  }

  stop(): void {
    this.child.kill();
  }

  /** @throws Error where the application does not do what it is measured for */
  async #logIn(): Promise<void> {
    const { app, name, page, size, cookies, store } = this.row;
    const login = await fetch(`${this.url}login`);
    const set = login.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
    // As long as a session's, so that reading headers costs the same without one.
    this.#logins.push(set.length > 0 ? set.join('; ') : `other=${'x'.repeat(100 + size * 1.4)}`);
    const response = await fetch(this.url + page, { headers: { cookie: this.#cookies(1).at(-1) ?? '' } });
    const { hello } = (await response.json()) as { hello?: string };
    const isRight = hello === (cookies === 'junk' || cookies === 'forged' ? undefined : 'Ada');
    const isSent = response.headers.getSetCookie().length > 0;
    // With a store, ours sends a cookie once a tenth of the lifetime has passed.
    if (!isRight || isSent !== (page === 'written' && !(app === 'ours' && store)))
      throw new Error(`"${name}" does not do what it says.`);
  }

  #cookies(amount: number): readonly string[] {
    const { cookies } = this.row;
    const [login = ''] = this.#logins;
    if (cookies === 'login') return this.#logins;
    if (cookies === 'junk') return [`session=${'junk'.repeat(login.length >> 2)}`];
    if (cookies === 'forged') return [login.replace(/.(?=.{9}$)/, (at) => (at === 'A' ? 'B' : 'A'))];
    if (cookies === '400 clients') return this.#clients;
    const fresh = Array.from({ length: amount }, () => newCookie(this.row));
    // By turns on each connection.
    const isOld = (at: number) => cookies === 'half new' && Math.floor(at / CONNECTIONS) % 2 === 1;
    return fresh.map((cookie, at) => (isOld(at) ? (this.#clients[(at * 7) % 400] ?? cookie) : cookie));
  }
}

const ours = newCodec('signed');

/** Of a session that there has not been before. */
export function newCookie({ app, size }: Order): string {
  return `session=${(app === 'hand-written' ? handWritten : ours).encode(visitorOf(size))}`;
}

/** What a process says next. */
export async function messageOf<T = number>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  const abort = () => ended.abort(new Error('A process has ended before it answered.'));
  child.once('exit', abort);
  const [message] = (await once(child, 'message', ended)) as [T];
  child.off('exit', abort);
  return message;
}

/** Measures rows by turns, again and again with new processes. */
export async function measureHttp(rows: readonly Row[], effort: Effort, node: string): Promise<Costs> {
  const costs: Record<string, (number | null)[]> = Object.fromEntries(rows.map(({ name }) => [name, []]));
  for (let start = 0; start < effort.starts; start++) {
    process.stderr.write(`${rows[0]?.platform ?? ''}: start ${start + 1} of ${effort.starts}\n`);
    const isForAll = (start * effort.fewStarts) % effort.starts < effort.fewStarts;
    const present = rows.filter(({ platform, name }) => isForAll || isJudged(platform, name));
    // What all ratios, or all verdicts, depend on has two processes.
    const twice = present.filter(({ name }) => name === EMPTY || name === AGAIN);
    // Whose process is older is a little slower, whatever runs in it.
    const first = Math.floor((start * present.length) / effort.starts);
    const order = [...present.slice(first), ...twice, ...present.slice(0, first)];
    const servers = await Promise.all(order.map((row) => ServerProcess.start(row, node)));
    // The warm-up by turns too: the compiler works in the background, and a process that has it in one go stays slow.
    await byTurns(servers, 1 + effort.warmUp + effort.slices, async (server) => {
      const cost = await server.spend(server.times);
      server.costs.push(cost);
      server.times = Math.ceil((effort.slice * 1000) / cost);
    });
    for (const { name } of rows) {
      const found = servers
        .filter(({ row }) => row.name === name)
        .map((server) => median(server.costs.slice(-effort.slices)));
      costs[name]?.push(found.length === 0 ? null : median(found));
    }
    for (const server of servers) server.stop();
  }
  return costs;
}
