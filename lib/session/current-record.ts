import type { StoredSession as StoreRecord } from '../store/session-store.js';
import type { Adoption } from './adoption.js';
import { unavailable } from './guarded-store.js';
import { LostAnswers } from './lost-answers.js';
import { leavesNothing, mergedRecord } from './merged-record.js';
import { newRecord, nextRecord, type WriteContext } from './next-record.js';
import type { OwnTimes } from './record.js';
import type { RecordName } from './record-key.js';
import type { CreateRecord, KnownRecord, SaveRecord } from './record-command.js';
import type { RecordHistory } from './record-plan.js';
import type { SessionStorage } from './session-storage.js';
import { ended, type StoredRecords } from './stored-records.js';

/** The record of a request's session, and what has happened to it. Each command throws `ERR_SESSION_STORE_UNAVAILABLE`. */
export class CurrentRecord implements RecordHistory {
  readonly #storage: SessionStorage;
  readonly #records: StoredRecords;
  known: KnownRecord | undefined;
  isWritten = false;
  wasExtended = false;
  goneId: string | undefined;
  lost: LostAnswers | undefined;
  /** The sessions that this request has ended or tried to end. Their ids may not be used again: a `delete` may be under way. */
  endedIds: readonly string[];
  /** Takes over the session that came, where it came without a record. */
  adoption: Adoption | undefined;

  /**
   * @param endedIds the sessions that the request has ended before
   * @param known the record of the session that came
   */
  constructor(storage: SessionStorage, endedIds: readonly string[], known?: KnownRecord, adoption?: Adoption) {
    this.#storage = storage;
    this.#records = storage.records;
    this.endedIds = endedIds;
    this.known = known;
    this.adoption = adoption;
  }

  get adoptedId(): string | undefined {
    return this.adoption?.id;
  }

  /** The fresh part of the key of a session's record, where it has one. */
  rkOf(id: string): string | undefined {
    if (this.known?.id === id) return this.known.rk;
    return this.adoption?.id === id ? this.adoption.rk : undefined;
  }

  /** @returns `false` where all sessions of its person were ended meanwhile */
  async create(command: CreateRecord, name: RecordName, context: WriteContext): Promise<boolean> {
    const record = newRecord(command, !this.#storage.isDataInCookie, context);
    try {
      const result = await this.#records.create(name, record, context.since);
      if (result === 'created') {
        this.#keep(command.text, command.claims, name, record, false);
        this.wasExtended = true;
      }
      // The answer to an earlier attempt was lost.
      if (result === 'exists') await this.join(command, name, context);
      return result !== 'revoked';
    } catch (error) {
      this.#losing.addBegun(name, record, { text: command.text, times: command.claims });
      // If this is carried out late, after a log-out, it brings the session back: so the next attempt takes another id. A session
      // that is taken over keeps its id, and takes another key.
      if (name.rk === undefined) this.addEnded(name);
      throw error;
    }
  }

  /**
   * Goes back to the session before, because the new one was not begun for certain: the next attempt begins with that.
   * @param before its record, and whether this request has written it
   */
  goBack({ known, isWritten }: Pick<CurrentRecord, 'known' | 'isWritten'>): void {
    if (this.known !== undefined && this.known !== known)
      this.#losing.addBegun(this.known, this.known.record, this.known);
    this.known = known;
    this.isWritten = isWritten;
  }

  /** Goes on with a record that was created before, with what other requests have saved in it. */
  async join({ claims, text }: CreateRecord, name: RecordName, context: WriteContext): Promise<void> {
    const record = await this.#records.load(name);
    if (record === undefined) return this.forget(name);
    this.isWritten = false;
    this.goneId = undefined;
    const { ttl, abs } = claims;
    const command: SaveRecord = { kind: 'save', text, times: { ttl, abs }, isExtended: true };
    await this.save(command, { id: name.id, rk: name.rk, record, text, times: {}, isMerged: true }, context);
  }

  /**
   * Saves over the version that was read; where another request came first, on top of what that one has saved.
   *
   * @param onEnd given where the session ends if this leaves no data in its record: called before the record is deleted, with
   * the record as it ended; `undefined` where another request has ended it
   */
  async save(
    command: SaveRecord,
    known: KnownRecord,
    context: WriteContext,
    onEnd?: (record: StoreRecord | undefined) => void,
  ): Promise<void> {
    let { isMerged } = known;
    let isEnd = false;
    let sent: StoreRecord | undefined;
    let saved: StoreRecord | undefined;
    try {
      saved = await this.#records.update(known, known.record, (record, isOther) => {
        isMerged ||= isOther;
        const present = { known, record, own: this, storage: this.#storage, context };
        isEnd = onEnd !== undefined && (!isMerged || leavesNothing(command, present));
        if (isEnd) sent = ended(record, context.now);
        else sent = isMerged ? mergedRecord(command, present) : nextRecord(command, present);
        return sent;
      });
    } catch (error) {
      if (isEnd) this.addLostEnd();
      else if (sent !== undefined) this.#losing.addSave(known, sent, command);
      throw error;
    }
    if (onEnd !== undefined && (isEnd || saved === undefined)) {
      onEnd(saved);
      return this.#end(known, saved !== undefined);
    }
    if (saved === undefined) return this.forget(known);
    this.#keep(command.text, command.times, known, saved, isMerged);
    this.wasExtended ||= command.isExtended;
  }

  /** Deletes the record of an ended session: others are told only of that, and an attempt before may have failed to do it. */
  async #end(known: KnownRecord, isOurs: boolean): Promise<void> {
    await this.#records.delete(known);
    // Neither a rollback nor another value brings back a session that another request has ended.
    if (!isOurs && this.lost?.mayHaveEnded !== true) this.goneId = known.id;
    this.known = undefined;
  }

  async touch(known: KnownRecord, seenAt: number, expiresAt: number): Promise<void> {
    if (!(await this.#records.touch(known, seenAt, expiresAt))) return this.forget(known);
    this.known = { ...known, record: { ...known.record, seenAt, expiresAt } };
    this.wasExtended = true;
  }

  /**
   * The session was ended meanwhile: this request goes on with what it has, and nothing of it is saved.
   * @throws SessionError where this request may have ended it: its application must hear of the failure
   */
  forget({ id }: RecordName): void {
    if (this.lost?.mayHaveEnded === true) throw unavailable();
    this.known = undefined;
    this.goneId = id;
  }

  /** Remembers a session that is about to be ended, for good or in vain. */
  addEnded({ id }: RecordName): void {
    this.endedIds = [...this.endedIds, id];
  }

  /** Remembers that this request may have ended the session: the answer was lost. */
  addLostEnd(): void {
    this.#losing.mayHaveEnded = true;
  }

  get #losing(): LostAnswers {
    return (this.lost ??= new LostAnswers());
  }

  #keep(text: string, { ttl, abs }: OwnTimes, { id, rk }: RecordName, record: StoreRecord, isMerged: boolean): void {
    this.known = { id, rk, record, text, times: { ttl, abs }, isMerged };
    this.isWritten = true;
  }
}
