import type { RecordCipher } from '../codec/record-cipher.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import { type GuardedStore, unavailable } from './guarded-store.js';
import { recordKey, type RecordName, textOf } from './record-key.js';

/**
 * How long ago a session ends that is ended by a save, in seconds: more than clocks differ, so that no instance takes it for a
 * living one; less than a minute, after which Redis has forgotten it and `delete` would not find it.
 */
const ENDED_AGO = 30;

/** What the store has of a session, in the clear. */
export interface LoadedRecord {
  readonly record: StoreRecord;
  /** Whether the record has to be written anew: see `OpenedRecord`. */
  readonly isStale: boolean;
}

/**
 * The commands of the store by the names of sessions; with the option `encrypt` it gets texts that are encrypted. Each throws
 * `ERR_SESSION_STORE_UNAVAILABLE`.
 */
export class StoredRecords {
  readonly #store: GuardedStore;
  readonly #cipher: RecordCipher;
  readonly #cookieName: string;

  constructor(store: GuardedStore, cipher: RecordCipher, cookieName: string) {
    this.#store = store;
    this.#cipher = cipher;
    this.#cookieName = cookieName;
  }

  /** A text that cannot be decrypted stays as it is: no data begins like it. */
  async fetch(name: RecordName): Promise<LoadedRecord | undefined> {
    const key = recordKey(this.#cookieName, name);
    const record = await this.#store.load(key);
    if (record === undefined) return undefined;
    const opened = this.#cipher.open(record.text, textOf(name));
    if (opened === undefined) return { record, isStale: false };
    return { record: withText(record, opened.text), isStale: opened.isStale };
  }

  async load(name: RecordName): Promise<StoreRecord | undefined> {
    return (await this.fetch(name))?.record;
  }

  async create(name: RecordName, record: StoreRecord, since: number): Promise<'created' | 'exists' | 'revoked'> {
    const key = recordKey(this.#cookieName, name);
    const sealed = this.#sealed(name, record);
    return this.#store.write((store) => store.create(key, sealed, since));
  }

  async save(name: RecordName, before: StoreRecord, next: StoreRecord): Promise<'saved' | 'conflict' | 'gone'> {
    const key = recordKey(this.#cookieName, name);
    const isMoved = next.subject !== before.subject || next.expiresAt !== before.expiresAt;
    const sealed = this.#sealed(name, next);
    return this.#store.write((store) => store.save(key, sealed, isMoved));
  }

  #sealed(name: RecordName, record: StoreRecord): StoreRecord {
    return withText(record, this.#cipher.seal(record.text, textOf(name)));
  }

  /** Saves what `next` makes of the record; of the present one again, where another request came first. @returns what is saved */
  async update(
    name: RecordName,
    record: StoreRecord,
    next: (record: StoreRecord, isOther: boolean) => StoreRecord,
  ): Promise<StoreRecord | undefined> {
    const deadline = performance.now() + this.#store.timeout;
    const attempt = async (current: StoreRecord): Promise<StoreRecord | undefined> => {
      const wanted = next(current, current !== record);
      const result = await this.save(name, current, wanted);
      if (result === 'saved') return { ...wanted, version: wanted.version + 1 };
      const fresh = result === 'gone' ? undefined : await this.load(name);
      if (fresh !== undefined && performance.now() > deadline) throw unavailable();
      return fresh && attempt(fresh);
    };
    return attempt(record);
  }

  async touch(name: RecordName, seenAt: number, expiresAt: number): Promise<boolean> {
    const key = recordKey(this.#cookieName, name);
    return this.#store.write((store) => store.touch(key, seenAt, expiresAt));
  }

  /**
   * Ends a session in one atomic step, by a save that expires it: of several requests that go on with its values, one does.
   * It stays to be deleted, as only that is told to others.
   *
   * @returns what it was then; `undefined` where another request has ended it
   */
  async claim(name: RecordName, record: StoreRecord, now: number): Promise<StoreRecord | undefined> {
    return this.update(name, record, (current) => ended(current, now));
  }

  async delete(name: RecordName): Promise<void> {
    const key = recordKey(this.#cookieName, name);
    await this.#store.write((store) => store.delete(key));
  }
}

/** A record that a save ends. @param now a NumericDate in whole seconds */
export function ended(record: StoreRecord, now: number): StoreRecord {
  return { ...record, expiresAt: now - ENDED_AGO };
}

function withText(record: StoreRecord, text: string): StoreRecord {
  return text === record.text ? record : { ...record, text };
}
