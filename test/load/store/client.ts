import { type Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ANSWERS, type Found, type Order } from './protocol.js';
import { chance, oneOf } from './random.js';
import type { StoreTally } from './tally.js';

/** One in ten requests is aborted, at one of these moments. */
const ABORTED = 0.1;
const MOMENTS = ['whole body sent', 'handler at work', 'headers came'] as const;
type Moment = (typeof MOMENTS)[number];

const PATHS = Object.keys(ANSWERS) as (keyof typeof ANSWERS)[];
const TIMEOUT = 10_000;

/** What a confirmed answer says. */
export interface Outcome extends Found {
  /** Name and value of the cookie that it sets; without a value where it deletes the one that is there. */
  readonly cookie: string | undefined;
}

/** Sends requests to the servers in turn, and counts the answers that confirm nothing. */
export class StoreClient {
  constructor(
    private readonly urls: readonly string[],
    private readonly agent: Agent,
    private readonly tally: StoreTally,
  ) {}

  /** Only reads, and is not aborted. */
  async read(cookie: string): Promise<Outcome | undefined> {
    return this.#send('visit', cookie, {}, undefined);
  }

  /** @returns `undefined` where it is not known what has become of the order */
  async send(cookie: string, order: Order): Promise<Outcome | undefined> {
    return this.#send(oneOf(PATHS), cookie, order, chance(ABORTED) ? oneOf(MOMENTS) : undefined);
  }

  async #send(path: keyof typeof ANSWERS, cookie: string, order: Order, abort: Moment | undefined) {
    this.tally.requests++;
    try {
      const answer = await this.#exchange(`${oneOf(this.urls)}/${path}`, cookie, JSON.stringify(order), abort);
      if (answer?.status === ANSWERS[path]) return { ...(JSON.parse(answer.text) as Found), cookie: answer.cookie };
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
  async #exchange(url: string, cookie: string, body: string, abort: Moment | undefined) {
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
