import { Choices, orderOf, type Wish } from './choices.js';
import type { Outcome, StoreClient } from './client.js';
import { type Change, KnownSession } from './known-session.js';
import type { Order } from './protocol.js';
import { chance } from './random.js';
import type { Deed, StoreTally } from './tally.js';

/** How often a session ends, or goes on as another one; with so many values always. */
const ENDING = 0.2;
const VALUES = 12;

const DEEDS: Readonly<Record<NonNullable<Order['end']>, Deed>> = {
  destroy: 'destroyed',
  clear: 'cleared',
  regenerate: 'regenerated',
  person: 'logged in',
};

/** A visitor who knows what was confirmed, and sends some requests at the same time. */
export class StoreVisitor {
  #session: KnownSession | undefined;
  readonly #choices: Choices;
  /** Cookies whose sessions were confirmed to be gone. */
  readonly #ended: string[] = [];

  constructor(
    private readonly name: string,
    private readonly client: StoreClient,
    private readonly tally: StoreTally,
  ) {
    this.#choices = new Choices(name);
  }

  /** Sends up to four requests at once and judges the answers. */
  async act(): Promise<void> {
    const session = this.#session;
    if (session === undefined) await this.#begin();
    else if (chance(ENDING) || session.filledKeys.length > VALUES) await this.#end(session);
    else await this.#change(session);
  }

  /** Whether nothing is left of the sessions that have ended. */
  async checkEnded(): Promise<void> {
    for (const cookie of this.#ended) await this.#checkEnded(cookie);
  }

  async #begin(): Promise<void> {
    const [key, value] = this.#choices.entry();
    const outcome = await this.#send('', { set: [key, value] });
    if (outcome === undefined) return;
    if (outcome.cookie === undefined) this.tally.fail('a new session without a cookie');
    else this.#session = new KnownSession(outcome.cookie, key, new Map([[key, value]]));
  }

  async #change(session: KnownSession): Promise<void> {
    const changes = this.#choices.changes(session, 1 + Math.floor(Math.random() * 3));
    const outcomes = await Promise.all(changes.map(async (change) => this.#send(session.cookie, orderOf(change))));
    for (const outcome of outcomes) if (outcome !== undefined) this.#judge(outcome, session, changes);
    this.#session = session.changed(confirmed(changes, outcomes));
  }

  /** Ends the session, and at the same time changes it, which must not bring it back. */
  async #end(session: KnownSession): Promise<void> {
    const changes = this.#choices.changes(session, 2);
    const orders = this.#choices.ends(session, changes);
    const send = async (order: Order) => this.#send(session.cookie, order);
    const [endings, outcomes] = await Promise.all([
      Promise.all(orders.map(send)),
      Promise.all(changes.map(orderOf).map(send)),
    ]);
    // Those that came after the end have found nothing.
    for (const outcome of [...endings, ...outcomes])
      if (outcome !== undefined && isOf(session, outcome)) this.#judge(outcome, session, changes);
    this.#session = undefined;
    await this.#goOn(session, orders, endings, confirmed(changes, outcomes));
  }

  async #goOn(
    session: KnownSession,
    orders: readonly Order[],
    endings: readonly (Outcome | undefined)[],
    changes: readonly Change[],
  ): Promise<void> {
    const [order = {}] = orders;
    const [ending] = endings;
    if (order.end === 'clear' && ending !== undefined && !isDeletion(ending)) {
      this.#session = session.cleared(ending, order, changes);
      return;
    }
    if (order.end === 'regenerate' || order.end === 'person') this.#goOnAnew(session, orders, endings, changes);
    if (endings.every((outcome) => outcome === undefined)) return;
    this.#ended.push(session.cookie);
    await this.#checkEnded(session.cookie);
  }

  /** Exactly one of the requests goes on with the values of the session, unless that one is not known. */
  #goOnAnew(
    session: KnownSession,
    orders: readonly Order[],
    endings: readonly (Outcome | undefined)[],
    changes: readonly Change[],
  ): void {
    const winners = orders.flatMap((order, at) => {
      const outcome = endings[at];
      const hasWon = outcome?.cookie !== undefined && isOf(session, outcome);
      return hasWon ? [session.renewed(outcome, order, changes)] : [];
    });
    if (winners.length > 1) this.tally.resurrected++;
    if (winners.length === 0 && endings.every((outcome) => outcome !== undefined)) this.tally.lost++;
    [this.#session] = winners;
  }

  async #checkEnded(cookie: string): Promise<void> {
    const outcome = await this.client.read(cookie);
    if (outcome !== undefined && !outcome.isNew) this.tally.resurrected++;
  }

  #judge(outcome: Outcome, session: KnownSession, changes: readonly Wish[]): void {
    for (const value of Object.values(outcome.data)) if (!value.startsWith(`${this.name}:`)) this.tally.crossTalk++;
    const { lost, restored } = session.judge(outcome, changes);
    this.tally.lost += lost;
    this.tally.restored += restored;
  }

  async #send(cookie: string, order: Order): Promise<Outcome | undefined> {
    const outcome = await this.client.send(cookie, order);
    if (outcome !== undefined) this.tally.confirmed[deedOf(order)]++;
    return outcome;
  }
}

function confirmed(changes: readonly Wish[], outcomes: readonly (Outcome | undefined)[]): Change[] {
  return changes.map((change, at) => ({ ...change, isConfirmed: outcomes[at] !== undefined }));
}

function deedOf({ end, remove }: Order): Deed {
  if (end !== undefined) return DEEDS[end];
  return remove === undefined ? 'set' : 'deleted';
}

/** Whether a request has come before the end of the session. */
function isOf({ anchor }: KnownSession, { data }: Outcome): boolean {
  return data[anchor] !== undefined;
}

function isDeletion({ cookie }: Outcome): boolean {
  return cookie?.endsWith('=') === true;
}
