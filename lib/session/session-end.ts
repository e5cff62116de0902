import type { StoredSession as StoreRecord } from '../store/session-store.js';
import { Adoption } from './adoption.js';
import type { RecordName } from './record-key.js';
import type { KnownRecord } from './record-command.js';
import type { StoredRecords } from './stored-records.js';

/** What has become of a session that was to end. */
export interface Ending {
  /** Whether this request has ended it, and no other one before. */
  readonly isOurs: boolean;
  /** Its record as it was then, where values of it go on. */
  readonly record: StoreRecord | undefined;
}

/** Ends sessions for one request: also one without a record, which another request may take over meanwhile. */
export class SessionEnd {
  readonly #records: StoredRecords;
  /** The session that was ended, but perhaps not deleted: an attempt before may have failed. */
  #claimed: (RecordName & { readonly record: StoreRecord }) | undefined;

  constructor(records: StoredRecords) {
    this.#records = records;
  }

  /**
   * @param goesOn whether values of it go on: then only one of several requests ends it
   * @param now a NumericDate in whole seconds
   * @throws SessionError `ERR_SESSION_STORE_UNAVAILABLE`: call it again to end it for good
   */
  async end(session: KnownRecord | Adoption | undefined, goesOn: boolean, now: number): Promise<Ending> {
    if (session === undefined) return { isOurs: true, record: undefined };
    if (session instanceof Adoption) return this.#endAdopted(session, goesOn, now);
    return this.#endRecord(session, session.record, goesOn, now);
  }

  async #endAdopted(adoption: Adoption, goesOn: boolean, now: number): Promise<Ending> {
    const rk = await adoption.decide('', now);
    if (rk === undefined) return { isOurs: true, record: undefined };
    const name = { id: adoption.id, rk };
    const claimed = this.#claimedAs(name);
    const record = rk === '' ? undefined : (claimed ?? (await this.#records.load(name)));
    return record === undefined ? { isOurs: false, record } : this.#endRecord(name, record, goesOn, now);
  }

  async #endRecord(name: RecordName, record: StoreRecord, goesOn: boolean, now: number): Promise<Ending> {
    const ended = goesOn ? (this.#claimedAs(name) ?? (await this.#records.claim(name, record, now))) : undefined;
    if (goesOn && ended === undefined) return { isOurs: false, record: undefined };
    this.#claimed = ended && { id: name.id, rk: name.rk, record: ended };
    await this.#records.delete(name);
    return { isOurs: true, record: ended };
  }

  /** Told of a session that this request has ended by a save, and may have to delete in another attempt. */
  claimed({ id, rk }: RecordName, record: StoreRecord): void {
    this.#claimed = { id, rk, record };
  }

  #claimedAs({ id, rk }: RecordName): StoreRecord | undefined {
    return this.#claimed?.id === id && this.#claimed.rk === rk ? this.#claimed.record : undefined;
  }
}
