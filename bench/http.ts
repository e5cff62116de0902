// Whole applications over sockets: the CPU time that a server process needs for a request.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import autocannon from 'autocannon';
import { type Order, visitorOf } from './apps/application.js';
import { handWritten, newCodec } from './codecs.js';
import { judgedRows } from './goals.js';
import { byTurns, type Costs, middle } from './measure.js';
import { AGAIN, EMPTY, type Row } from './rows.js';
import type { Question } from './server.js';

/**
 * How much is measured. All rows are started so often, those with a goal at least so often, and those with an undecided one
 * until so many minutes are over. After its warm-up a process has rounds of so many slices, and each round counts as a start.
 *
 * Few starts and many slices: warm processes of one row differ by 1 %, but slices by 5 to 10 %, as collections of garbage fall
 * into some of them. The warm-up is long: V8 takes some 25,000 requests, and until then processes differ by up to 40 %.
 */
export type Effort = Readonly<Record<'all' | 'judged' | 'minutes' | 'warmUp' | 'rounds' | 'slices', number>>;

/** Microseconds of CPU time. */
const SLICE = 300_000;
const CONNECTIONS = 32;

const ours = newCodec('signed');
/** Cookies of as many clients. */
const CLIENTS = Array.from({ length: 400 }, () => `session=${ours.encode(visitorOf(139))}`);

/** An application that runs in a process of its own. */
export class ServerProcess {
  /** Microseconds of CPU time for a request, in each slice. */
  readonly costs: number[] = [];
  /** What browsers send after a log-in. */
  readonly #logins: string[] = [];

  private constructor(
    readonly row: Row,
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  static async start(row: Row, node: string, flags: readonly string[] = []): Promise<ServerProcess> {
    // Without the flag, V8 tidies up a process that waits for its turn, and throws away what it has compiled.
    const options = { execPath: node, execArgv: ['--no-memory-reducer', ...flags] };
    const child = fork(new URL('server.js', import.meta.url), [JSON.stringify(row)], options);
    child.once('exit', () => {
      throw new Error(`"${row.name}" has ended.`);
    });
    const [port] = (await once(child, 'message')) as [number];
    const server = new ServerProcess(row, child, `http://127.0.0.1:${port}/`);
    // In a store, writes of one session at once would meet: each connection has a session of its own.
    for (let visitor = 0; visitor < (row.store === undefined ? 1 : CONNECTIONS); visitor++) await server.#logIn();
    return server;
  }

  /** Sends as many requests as a slice takes, as far as the one before tells. */
  async spendSlice(): Promise<void> {
    const requests = Math.ceil(SLICE / (this.costs.at(-1) ?? 300));
    this.costs.push(await this.spend(Math.max(requests, CONNECTIONS)));
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
      // Every so many milliseconds autocannon looks whether it is to stop.
      sampleInt: 10,
      setupClient(client) {
        const own = opened++ % cookies.length;
        const hand = cookies.filter((_, index) => index % connections === own);
        client.setRequests(hand.map((cookie) => ({ method: 'GET', path: `/${page}`, headers: { cookie } })));
      },
    });
    if (errors > 0 || non2xx > 0 || requests.sent !== amount) throw new Error(`${name}: requests have failed.`);
  }

  async ask<T = number>(question: Question): Promise<T> {
    this.child.send(question);
    const [answer] = (await once(this.child, 'message')) as [T];
    return answer;
  }

  stop(): void {
    this.child.removeAllListeners('exit').kill();
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
    const isRight = hello === (cookies === 'junk cookie' || cookies === 'forged cookie' ? undefined : 'Ada');
    const isSent = response.headers.getSetCookie().length > 0;
    // With a store, ours sends a cookie once a tenth of the lifetime has passed.
    if (!isRight || isSent !== (page === 'written' && !(app === 'ours' && store)))
      throw new Error(`"${name}" does not do what it says.`);
  }

  #cookies(amount: number): readonly string[] {
    const { cookies } = this.row;
    const [login = ''] = this.#logins;
    if (cookies === 'login') return this.#logins;
    if (cookies === 'junk cookie') return [`session=${'junk'.repeat(login.length >> 2)}`];
    if (cookies === 'forged cookie') return [login.replace(/.(?=.{9}$)/, (at) => (at === 'A' ? 'B' : 'A'))];
    if (cookies === '400 clients') return CLIENTS;
    const fresh = Array.from({ length: amount }, () => newCookie(this.row));
    if (cookies === 'new tokens') return fresh;
    // By turns on each connection.
    return fresh.map((cookie, at) => (at & CONNECTIONS ? cookie : (CLIENTS[at % 400] ?? cookie)));
  }
}

/** Of a session that there has not been before. */
export function newCookie({ app, size }: Order, data: object = visitorOf(size)): string {
  return `session=${(app === 'hand-written' ? handWritten : ours).encode(data)}`;
}

/** Measures rows of one platform by turns, again and again with new processes. */
export async function measureHttp(rows: readonly Row[], effort: Effort, node: string): Promise<Costs> {
  const { platform = 'Express' } = rows[0] ?? {};
  const costs: Record<string, (number | null)[]> = Object.fromEntries(rows.map(({ name }) => [name, []]));
  const end = Date.now() + effort.minutes * 60_000;
  for (let start = 0, lasted = 0; start < effort.judged || Date.now() + lasted < end; start++) {
    const judged = judgedRows(platform, start < effort.judged ? undefined : costs);
    const present = rows.filter(({ name }) => start < effort.all || judged.has(name));
    if (present.length === 0) break;
    process.stderr.write(`${platform}: start ${start + 1}, rows: ${present.length}\n`);
    const began = Date.now();
    // What all ratios, or all verdicts, depend on has two processes.
    const twice = present.filter(({ name }) => name === EMPTY || name === AGAIN);
    const servers = await Promise.all([...present, ...twice].map((row) => ServerProcess.start(row, node)));
    // The warm-up by turns too: the compiler works in the background, and a process that has it in one go stays slow.
    await byTurns(servers, 1 + effort.warmUp, (server) => server.spendSlice());
    for (let round = 0; round < effort.rounds; round++) {
      await byTurns(servers, effort.slices, (server) => server.spendSlice());
      for (const { name } of rows) {
        const twins = servers.filter(({ row }) => row.name === name);
        const found = twins.flatMap((server) => server.costs.slice(-effort.slices));
        costs[name]?.push(found.length === 0 ? null : middle(found));
      }
    }
    for (const server of servers) server.stop();
    lasted = Date.now() - began;
  }
  return costs;
}
