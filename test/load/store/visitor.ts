import { type Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Found, type Order, WRITES } from './protocol.js';
import type { StoreTally } from './tally.js';

/** One in ten requests is aborted, at one of these moments. */
const ABORTED = 0.1;
const MOMENTS = ['whole body sent', 'handler at work', 'headers came'] as const;
/** A session with so many keys ends. */
const KEYS = 12;
const TIMEOUT = 10_000;
const STATUSES: Readonly<Record<string, number>> = WRITES;

/** What became of a request; `undefined`: its visitor does not know. */
type Outcome = (Found & { readonly cookie: string | undefined }) | undefined;

/** A visitor who knows what was confirmed, and sends some requests at the same time. */
export class StoreVisitor {
  #cookie = '';
  /** Values that were confirmed, by key. A key whose write was not confirmed is never used again. */
  #confirmed = new Map<string, string>();
  #serial = 0;
  /** Cookies whose sessions were confirmed to be gone. */
  readonly ended: string[] = [];

  constructor(
    private readonly name: string,
    private readonly urls: readonly string[],
    private readonly agent: Agent,
    private readonly tally: StoreTally,
  ) {}

  /** Sends up to three requests at once and judges the answers. */
  async act(): Promise<void> {
    const hasSession = this.#cookie !== '';
    if (hasSession && (Math.random() < 0.05 || this.#confirmed.size > KEYS)) await this.#destroy();
    else await this.#write(hasSession ? 1 + Math.floor(Math.random() * 3) : 1);
  }

  /** Whether nothing is left of the sessions that have ended. */
  async checkEnded(): Promise<void> {
    for (const cookie of this.ended) await this.#checkEnded(cookie);
  }

  async #write(count: number): Promise<void> {
    const expected = new Map(this.#confirmed);
    const known = shuffled([...expected.keys()]);
    const keys = Array.from({ length: count }, () => (Math.random() < 0.5 && known.pop()) || `k${this.#serial++}`);
    // Values that others of this round change are not known.
    for (const key of keys) expected.delete(key);
    const cookie = this.#cookie;
    await Promise.all(
      keys.map(async (key) => {
        const value = `${this.name}:${this.#serial++}`;
        this.#confirmed.delete(key);
        const outcome = await this.#send(oneOf(Object.keys(WRITES)), cookie, { key, value });
        if (outcome === undefined) return;
        this.tally.confirmed++;
        this.#confirmed.set(key, value);
        this.#judge(outcome, expected);
        if (outcome.cookie !== undefined) this.#cookie = outcome.cookie;
      }),
    );
    // Without a cookie the session of an answer that never came cannot be found again.
    if (this.#cookie === '') this.#confirmed.clear();
  }

  /** Log-out, and at the same time a write, which must not bring the session back. */
  async #destroy(): Promise<void> {
    const cookie = this.#cookie;
    const late = async () => this.#send('visit', cookie, { key: 'late', value: `${this.name}:late` });
    const [outcome] = await Promise.all([this.#send('destroy', cookie, {}), late(), late()]);
    this.#cookie = '';
    this.#confirmed.clear();
    if (outcome === undefined) return;
    this.ended.push(cookie);
    await this.#checkEnded(cookie);
  }

  async #checkEnded(cookie: string): Promise<void> {
    const outcome = await this.#send('visit', cookie, {}, false);
    if (outcome !== undefined && !outcome.isNew) this.tally.resurrected++;
  }

  #judge({ data }: Found, expected: ReadonlyMap<string, string>): void {
    for (const value of Object.values(data)) if (!value.startsWith(`${this.name}:`)) this.tally.crossTalk++;
    for (const [key, value] of expected) if (data[key] !== value) this.tally.lost++;
  }

  async #send(path: string, cookie: string, order: Order, mayAbort = true): Promise<Outcome> {
    const abort = mayAbort && Math.random() < ABORTED ? oneOf(MOMENTS) : undefined;
    this.tally.requests++;
    try {
      const answer = await this.#exchange(`${oneOf(this.urls)}/${path}`, cookie, JSON.stringify(order), abort);
      if (answer?.status === (STATUSES[path] ?? 200))
        return { ...(JSON.parse(answer.text) as Found), cookie: answer.cookie };
      if (answer === undefined) this.tally.aborts++;
      else if (answer.status !== 503) this.tally.fail(`status ${answer.status}: ${answer.text.slice(0, 200)}`);
      else {
        this.tally.outages++;
        // Or an outage would use up all requests.
        await delay(100);
      }
    } catch (error) {
      this.tally.fail(`${path}: ${error instanceof Error ? error.message : 'failed'}`);
    }
    return undefined;
  }

  /** @returns `undefined` where the request was aborted before its answer was complete */
  async #exchange(url: string, cookie: string, body: string, abort: (typeof MOMENTS)[number] | undefined) {
    const headers = { 'content-type': 'application/json', 'content-length': body.length, ...(cookie && { cookie }) };
    return new Promise<{ status: number; text: string; cookie: string | undefined } | undefined>((resolve, reject) => {
      const fail = (error: Error) => (abort === undefined ? reject(error) : resolve(undefined));
      const outgoing = request(url, { method: 'POST', headers, agent: this.agent, timeout: TIMEOUT }, (incoming) => {
        if (abort === 'headers came') {
          outgoing.destroy();
          resolve(undefined);
          return;
        }
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => (text += chunk));
        incoming.on('error', fail);
        incoming.on('end', () => {
          const [line] = incoming.headers['set-cookie'] ?? [];
          resolve({ status: incoming.statusCode ?? 0, text, cookie: line?.slice(0, line.indexOf(';')) });
        });
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
      outgoing.on('error', fail);
      outgoing.on('close', () => fail(new Error('the server closed the connection')));
      outgoing.end(body, () => abort === 'whole body sent' && outgoing.destroy());
      if (abort === 'handler at work') setTimeout(() => outgoing.destroy(), Math.random() * 3);
    });
  }
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

function oneOf<T>(values: readonly T[]): T {
  return values[Math.floor(Math.random() * values.length)] as T;
}
