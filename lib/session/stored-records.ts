import type { StoredSession as StoreRecord } from '../store/session-store.js';
import { unavailable } from './guarded-store.js';
import type { RecordName } from './record-key.js';
import type { SessionStorage } from './session-storage.js';

/**
 * How long ago a session ends that is ended by a save, in seconds: more than clocks differ, so that no instance takes it for a
 * living one; less than a minute, after which Redis has forgotten it and `delete` would not find it.
 */
const ENDED_AGO = 30;

/** The commands of the store by the names of sessions. Each throws `ERR_SESSION_STORE_UNAVAILABLE`. */
export class StoredRecords {
  readonly #storage: SessionStorage;

  constructor(storage: SessionStorage) {
    this.#storage = storage;
  }

  async load(name: RecordName): Promise<StoreRecord | undefined> {
    const key = this.#storage.keyOf(name);
    return this.#storage.store.read((store) => store.load(key));
  }

  async create(name: RecordName, record: StoreRecord, since: number): Promise<'created' | 'exists' | 'revoked'> {
    const key = this.#storage.keyOf(name);
    return this.#storage.store.write((store) => store.create(key, record, since));
  }

  async save(name: RecordName, before: StoreRecord, next: StoreRecord): Promise<'saved' | 'conflict' | 'gone'> {
    const key = this.#storage.keyOf(name);
    const isMoved = next.subject !== before.subject || next.expiresAt !== before.expiresAt;
    return this.#storage.store.write((store) => store.save(key, next, isMoved));
  }

  /** Saves what `next` makes of the record; of the present one again, where another request came first. @returns what is saved */
  async update(
    name: RecordName,
    record: StoreRecord,
    next: (record: StoreRecord, isOther: boolean) => StoreRecord,
  ): Promise<StoreRecord | undefined> {
    const deadline = performance.now() + this.#storage.store.timeout;
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
    const key = this.#storage.keyOf(name);
    return this.#storage.store.write((store) => store.touch(key, seenAt, expiresAt));
  }

  /**
   * Ends a session in one atomic step, by a save that expires it: of several requests that go on with its values, one does.
   * It stays to be deleted, as only that is told to others.
   *
   * @returns what it was then; `undefined` where another request has ended it
   */
  async claim(name: RecordName, record: StoreRecord, now: number): Promise<StoreRecord | undefined> {
    return this.update(name, record, (current) => ({ ...current, expiresAt: now - ENDED_AGO }));
  }

  async delete(name: RecordName): Promise<void> {
    const key = this.#storage.keyOf(name);
    await this.#storage.store.write((store) => store.delete(key));
  }
}
