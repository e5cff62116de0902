import { type Agent, request } from 'node:http';
import { CookieJar } from 'tough-cookie';
import type { Order, Stored } from './protocol.js';
import type { Tally } from './tally.js';

const ACTIONS = ['write', 'write', 'write', 'deep', 'deep', 'read', 'read', 'by-hand', 'destroy'] as const;
type Action = (typeof ACTIONS)[number];

/** When the socket of an aborted request is destroyed. */
const MOMENTS = ['half the body sent', 'whole body sent', 'handler at work', 'headers came'] as const;

/** One in ten requests is aborted. */
const ABORTED = 0.1;
const TIMEOUT = 10_000;

/** Somebody with a cookie jar, who knows what is to be in the session. */
export class Visitor {
  readonly #jar = new CookieJar();
  /** What the session holds; an aborted request leaves the cookie, and thereby this, as it was. */
  #expected: Partial<Stored> = {};

  constructor(
    private readonly name: string,
    private readonly url: string,
    private readonly agent: Agent,
    private readonly tally: Tally,
  ) {}

  /** Sends one request and judges the answer. */
  async act(): Promise<void> {
    const action = oneOf(ACTIONS);
    const order = { user: this.name, filling: Math.floor(Math.random() * 6000) };
    const abort = Math.random() < ABORTED ? oneOf(MOMENTS) : undefined;
    try {
      const text = await this.#exchange(action, order, abort);
      if (text === undefined) this.tally.aborts++;
      else this.#judge(JSON.parse(text), next(this.#expected, action, order));
    } catch (error) {
      this.tally.fail(`${action} ${abort ?? ''}: ${error instanceof Error ? error.message : 'failed'}`);
    }
    this.tally.requests++;
  }

  #judge(found: Partial<Stored>, expected: Partial<Stored>): void {
    this.#expected = expected;
    const names = JSON.stringify(found).match(/v\d+v/g) ?? [];
    if (names.some((name) => name !== this.name)) this.tally.crossTalk++;
    if (JSON.stringify(sorted(found)) !== JSON.stringify(sorted(expected))) {
      this.tally.fail(`${this.name} found ${JSON.stringify(found).slice(0, 200)}`);
    }
  }

  /** @returns the text of the answer; `undefined` when the socket was destroyed before it was complete */
  async #exchange(action: Action, order: Order, abort: (typeof MOMENTS)[number] | undefined) {
    const url = `${this.url}/${action}`;
    const cookie = await this.#jar.getCookieString(url);
    const body = JSON.stringify(order);
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      ...(cookie !== '' && { cookie }),
    };
    const { agent } = this;
    const reply = await new Promise<{ text: string; lines: readonly string[] } | undefined>((resolve, reject) => {
      const outgoing = request(url, { method: 'POST', headers, agent, timeout: TIMEOUT }, (incoming) => {
        if (abort === 'headers came') {
          outgoing.destroy();
          return resolve(undefined);
        }
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => (text += chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const lines = incoming.headers['set-cookie'] ?? [];
          if (incoming.statusCode === 200) resolve({ text, lines });
          else reject(new Error(`status ${incoming.statusCode}`));
        });
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
      outgoing.on('error', reject);
      outgoing.on('close', () => resolve(undefined));
      if (abort === 'half the body sent') outgoing.write(body.slice(0, 5), () => outgoing.destroy());
      else outgoing.end(body, () => abort === 'whole body sent' && outgoing.destroy());
      if (abort === 'handler at work') setTimeout(() => outgoing.destroy(), Math.random() * 3);
    }).catch((error: unknown) => {
      if (abort === undefined) throw error;
    });
    for (const line of reply?.lines ?? []) await this.#jar.setCookie(line, url);
    if (reply === undefined && abort === undefined) throw new Error('the server closed the connection');
    return reply?.text;
  }
}

/** What is to be in the session after `action`. */
function next(before: Partial<Stored>, action: Action, { user, filling }: Order): Partial<Stored> {
  const count = (before.count ?? 0) + 1;
  const tags = { list: [...(before.tags?.list ?? [])] };
  if (action === 'read') return before;
  if (action === 'destroy') return {};
  if (action === 'by-hand') return { ...before, owner: user, count, tags };
  if (action === 'write') return { ...before, owner: user, count, tags, filling: user.padEnd(filling, user) };
  if (before.tags === undefined) return before;
  tags.list.push(user);
  return { ...before, tags: { list: tags.list.length > 20 ? [] : tags.list } };
}

function sorted(data: Partial<Stored>): unknown[] {
  return Object.entries(data).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function oneOf<T>(values: readonly [T, ...T[]]): T {
  return values[Math.floor(Math.random() * values.length)] ?? values[0];
}
