import type { Outcome } from './client.js';
import { type Found, type Order, PERSON } from './protocol.js';

/** What a request has changed in a session. */
export interface Change {
  readonly key: string;
  /** `undefined`: it deletes the key. */
  readonly value: string | undefined;
  /** Otherwise it may have been done or not, or may be done later. */
  readonly isConfirmed: boolean;
}

/** By key, `undefined` for a value that is gone. A key of which one cannot be sure is not there, and is never used again. */
type Values = Map<string, string | undefined>;

/** What is certain of a session after what was confirmed. */
export class KnownSession {
  readonly #values: Values;

  /** @param anchor a key that is there, and that nothing changes but the end of the session: so that it never is without data */
  constructor(
    readonly cookie: string,
    readonly anchor: string,
    values: Values,
  ) {
    this.#values = values;
  }

  /** Keys that may be changed, also such as are gone. */
  get keys(): readonly string[] {
    return [...this.#values.keys()].filter((key) => key !== this.anchor && key !== PERSON);
  }

  /** Keys that may be changed and have a value. */
  get filledKeys(): readonly string[] {
    return this.keys.filter((key) => this.#values.get(key) !== undefined);
  }

  /** How much of what was found is not as it was confirmed; keys that are being changed are not looked at. */
  judge({ data }: Found, changes: readonly Pick<Change, 'key'>[]): { lost: number; restored: number } {
    const changing = new Set(changes.map(({ key }) => key));
    const wrong = [...this.#values].filter(([key, value]) => !changing.has(key) && data[key] !== value);
    const restored = wrong.filter(([, value]) => value === undefined).length;
    return { lost: wrong.length - restored, restored };
  }

  /** After requests at the same time, each with a key of its own. */
  changed(changes: readonly Change[]): KnownSession {
    const values = new Map(this.#values);
    for (const { key, value, isConfirmed } of changes) put(values, key, isConfirmed, value);
    return new KnownSession(this.cookie, this.anchor, values);
  }

  /**
   * After a `clear()` with changes at the same time: it deletes each key that it has found, and the session lives on with the
   * others.
   *
   * @returns `undefined` where no key is certain to be there
   */
  cleared({ data }: Found, { set }: Order, changes: readonly Change[]): KnownSession | undefined {
    const values: Values = new Map([...this.#values.keys()].map((key) => [key, undefined]));
    for (const { key, value, isConfirmed } of changes) {
      const isFound = data[key] !== undefined;
      // A value that was written over the one that was found may have come before the deletion or after it.
      const isCertain = isConfirmed && (value === undefined || !isFound || data[key] === value);
      put(values, key, isCertain, isFound ? undefined : value);
    }
    if (set !== undefined) values.set(...set);
    const [anchor] = [...values].findLast(([, value]) => value !== undefined) ?? [];
    return anchor === undefined ? undefined : new KnownSession(this.cookie, anchor, values);
  }

  /**
   * After a `regenerate()` or a log-in with changes at the same time, which count in the keys that are kept, if they came first.
   *
   * @param order sets a key
   */
  renewed({ data, cookie = '' }: Outcome, { end, keep = [], set }: Order, changes: readonly Change[]): KnownSession {
    const isKept = (key: string) => end === 'person' || keep.includes(key);
    const values: Values = new Map([...this.#values].map(([key, value]) => [key, isKept(key) ? value : undefined]));
    for (const { key, value } of changes) {
      if (isKept(key)) put(values, key, data[key] === value, value);
      else values.set(key, undefined);
    }
    const [anchor = '', value] = set ?? [];
    return new KnownSession(cookie, anchor, values.set(anchor, value));
  }
}

function put(values: Values, key: string, isCertain: boolean, value: string | undefined): void {
  if (isCertain) values.set(key, value);
  else values.delete(key);
}
