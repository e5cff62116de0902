import type { Change, KnownSession } from './known-session.js';
import { type Order, PERSON } from './protocol.js';
import { chance, oneOf, shuffled } from './random.js';

/** How often two requests at the same time go on with the values of a session: only one may. */
const RIVALS = 0.3;

/** A change before it is asked for. */
export type Wish = Omit<Change, 'isConfirmed'>;

export function orderOf({ key, value }: Wish): Order {
  return value === undefined ? { remove: key } : { set: [key, value] };
}

/** What a visitor does next, by chance. */
export class Choices {
  #serial = 0;

  constructor(private readonly name: string) {}

  /** A new key and a new value. */
  entry(): readonly [key: string, value: string] {
    return [`k${this.#serial++}`, this.#value()];
  }

  /** Changes for requests at the same time: each has another key, which is new or not; a third of them delete it. */
  changes(session: KnownSession, count: number): Wish[] {
    const [filled, known] = [shuffled(session.filledKeys), shuffled(session.keys)];
    const used = new Set<string>();
    const unused = (keys: readonly string[]) => keys.find((key) => !used.has(key));
    return Array.from({ length: count }, () => {
      const removed = chance(1 / 3) ? unused(filled) : undefined;
      const [newKey, newValue] = this.entry();
      const key = removed ?? (chance(0.5) ? unused(known) : undefined) ?? newKey;
      used.add(key);
      return { key, value: removed === undefined ? newValue : undefined };
    });
  }

  /** How the session ends, or goes on as another one: by one request, or by two that want the same. */
  ends(session: KnownSession, changes: readonly Wish[]): Order[] {
    const some = [...session.keys, ...changes.map(({ key }) => key)].filter(() => chance(0.5));
    const keep = [session.anchor, ...some];
    const rivals = { length: chance(RIVALS) ? 2 : 1 };
    return oneOf<() => Order[]>([
      () => [{ end: 'destroy' }],
      () => [{ end: 'clear' }],
      () => [{ end: 'clear', set: this.entry() }],
      () => [{ end: 'regenerate', set: this.entry() }],
      () => Array.from(rivals, () => ({ end: 'regenerate', keep, set: this.entry() })),
      () => Array.from(rivals, () => ({ end: 'person', set: [PERSON, this.#value()] })),
    ])();
  }

  #value(): string {
    return `${this.name}:${this.#serial++}`;
  }
}
