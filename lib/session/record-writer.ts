import { SessionError } from '../session.errors.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import { Adoption } from './adoption.js';
import { newRecord, nextRecord, type WriteContext } from './next-record.js';
import { areSameTimes, type OwnTimes } from './record.js';
import type { RecordName } from './record-key.js';
import type { CreateRecord, KnownRecord, RecordCommand, RecordHistory, SaveRecord } from './record-plan.js';
import { SessionEnd } from './session-end.js';
import type { SessionStorage } from './session-storage.js';
import type { StoredRecords } from './stored-records.js';
import { takenAlong } from './taken-along.js';

/** Carries out what was decided about the record of one request, and knows what the store has then. */
export class RecordWriter implements RecordHistory {
  readonly #storage: SessionStorage;
  readonly #records: StoredRecords;
  readonly #end: SessionEnd;
  #adoption: Adoption | undefined;
  known: KnownRecord | undefined;
  isWritten = false;
  isTouched = false;
  goneId: string | undefined;

  /**
   * @param known the record of the session that came
   * @param adoption takes over the session, where it came without a record
   */
  constructor(storage: SessionStorage, known?: KnownRecord, adoption?: Adoption) {
    this.#storage = storage;
    this.#records = storage.records;
    this.#end = new SessionEnd(this.#records);
    this.known = known;
    this.#adoption = adoption;
  }

  get adoptedId(): string | undefined {
    return this.#adoption?.id;
  }

  /** The fresh part of the key of a session's record, where it has one. */
  rkOf(id: string): string | undefined {
    if (this.known?.id === id) return this.known.rk;
    return this.#adoption?.id === id ? this.#adoption.rk : undefined;
  }

  /** @throws SessionError `ERR_SESSION_STORE_UNAVAILABLE` or `ERR_SESSION_REVOKED` */
  async run(command: RecordCommand, context: WriteContext): Promise<void> {
    const [known, adoption] = [this.known, this.#adoption];
    if (command.kind === 'create') {
      if (command.claims.jti === adoption?.id) return this.#adopt(command, adoption, context);
      return this.#begin(command, context);
    }
    if (command.kind === 'delete') {
      const { isOurs } = await this.#end.end(known ?? adoption, command.hasKept, context.now);
      this.known = this.#adoption = undefined;
      if (command.hasKept && !isOurs) this.goneId = known?.id ?? adoption?.id;
    } else if (known !== undefined) {
      if (command.kind === 'save') await this.#save(command, known, context);
      else await this.#touch(known, context.now, command.expiresAt);
    }
  }

  async #begin(command: CreateRecord, context: WriteContext): Promise<void> {
    const { known, isWritten } = this;
    const { hasKept, keptKeys = [] } = command;
    const name = { id: command.claims.jti };
    if (!(await this.#create(command, name, context))) throw revoked();
    // The new session is there before the old one goes: a client that is cut off in between has a valid one.
    try {
      const before = known ?? this.#adoption;
      const { isOurs, record } = await this.#end.end(before, hasKept || keptKeys.length > 0, context.now);
      if (before !== undefined && record !== undefined) await this.#takeAlong(command, before, record, context);
      this.#adoption = undefined;
      if (isOurs || !hasKept) return;
    } catch (error) {
      // The old one lives: the next attempt has to end it.
      [this.known, this.isWritten] = [known, isWritten];
      throw error;
    }
    // Another request has ended it, and nothing of it may come back.
    await this.#records.delete(name);
    this.#forget(name);
  }

  /** Saves in a new session what other requests have saved in the one before. */
  async #takeAlong(
    command: CreateRecord,
    before: KnownRecord | Adoption,
    ended: StoreRecord,
    context: WriteContext,
  ): Promise<void> {
    const { known } = this;
    if (known === undefined || this.#storage.isDataInCookie) return;
    const isRead = !(before instanceof Adoption);
    // Ending it was one save, and this request shows all that is in it.
    if (isRead && !before.isMerged && ended.version === before.record.version + 1) return;
    const text = isRead ? before.text : context.base();
    const taken = takenAlong(command, { text, times: before.times }, ended, this.#storage.settings.format);
    if (taken === undefined) return;
    const isExtended = !areSameTimes(taken.times, known.times);
    await this.#save({ kind: 'save', ...taken, isExtended }, known, context);
    // This request shows what it had before.
    if (this.known !== undefined) this.known = { ...this.known, text: known.text, times: known.times, isMerged: true };
  }

  /** Gives a session that came without a record one: the first of several requests decides which. */
  async #adopt(command: CreateRecord, adoption: Adoption, context: WriteContext): Promise<void> {
    const name = { id: adoption.id, rk: adoption.rk };
    const isRevoked = !(await this.#create(command, name, context));
    const other = await adoption.decide(isRevoked ? '' : name.rk, context.now);
    if (!isRevoked && (other === undefined || other === name.rk)) {
      this.#adoption = undefined;
      return;
    }
    if (!isRevoked) await this.#records.delete(name);
    this.#forget(name);
    if (other !== undefined && other !== '') await this.#join(command, { id: name.id, rk: other }, context, true);
  }

  /** @returns `false` where all sessions of its person were ended meanwhile */
  async #create(command: CreateRecord, name: RecordName, context: WriteContext): Promise<boolean> {
    const record = newRecord(command, !this.#storage.isDataInCookie, context);
    const result = await this.#records.create(name, record, context.since);
    // The answer to an earlier attempt was lost, and no other request knows that record: this attempt replaces it.
    if (result === 'exists') await this.#join(command, name, context, false);
    if (result === 'created') this.#keep(command.text, command.claims, name, record, false);
    return result !== 'revoked';
  }

  /** Goes on with a record that was created before. @param isMerged whether by another request */
  async #join(
    { claims, text }: CreateRecord,
    name: RecordName,
    context: WriteContext,
    isMerged: boolean,
  ): Promise<void> {
    const record = await this.#records.load(name);
    if (record === undefined) return this.#forget(name);
    this.isWritten = false;
    this.goneId = undefined;
    const { ttl, abs } = claims;
    const command: SaveRecord = { kind: 'save', text, times: { ttl, abs }, isExtended: true };
    await this.#save(command, { id: name.id, rk: name.rk, record, text, times: {}, isMerged }, context);
  }

  /** Saves over the version that was read; where another request came first, on top of what that one has saved. */
  async #save(command: SaveRecord, known: KnownRecord, context: WriteContext): Promise<void> {
    // The data as this request has written it, or else as it came, before a schema.
    const base = () => (this.isWritten ? known.text : context.base());
    let { isMerged } = known;
    const saved = await this.#records.update(known, known.record, (record, isOther) => {
      isMerged ||= isOther;
      return nextRecord(command, { record, times: known.times }, isMerged ? base() : undefined, this.#storage, context);
    });
    if (saved === undefined) this.#forget(known);
    else this.#keep(command.text, command.times, known, saved, isMerged);
  }

  async #touch(known: KnownRecord, seenAt: number, expiresAt: number): Promise<void> {
    if (!(await this.#records.touch(known, seenAt, expiresAt))) return this.#forget(known);
    this.known = { ...known, record: { ...known.record, seenAt, expiresAt } };
    this.isTouched = true;
  }

  #keep(text: string, { ttl, abs }: OwnTimes, { id, rk }: RecordName, record: StoreRecord, isMerged: boolean): void {
    this.known = { id, rk, record, text, times: { ttl, abs }, isMerged };
    this.isWritten = true;
  }

  /** The session was ended meanwhile: this request goes on with what it has, and nothing of it is saved. */
  #forget({ id }: RecordName): void {
    this.known = undefined;
    this.goneId = id;
  }
}

function revoked(): SessionError {
  return new SessionError(
    'ERR_SESSION_REVOKED',
    'Cannot begin the session: all sessions of its person were ended since the request began. Let the person log in again.',
  );
}
