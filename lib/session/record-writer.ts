import { SessionError } from '../session.errors.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import { Adoption } from './adoption.js';
import { CurrentRecord } from './current-record.js';
import type { LostAnswers } from './lost-answers.js';
import type { WriteContext } from './next-record.js';
import type { RecordName } from './record-key.js';
import type { CreateRecord, EmptyRecord, KnownRecord, RecordCommand, RecordHistory } from './record-plan.js';
import { type Ending, SessionEnd } from './session-end.js';
import type { SessionStorage } from './session-storage.js';
import type { StoredRecords } from './stored-records.js';
import { takenAlong } from './taken-along.js';

/** Carries out what was decided about the record of one request, and knows what the store has then. */
export class RecordWriter implements RecordHistory {
  readonly #storage: SessionStorage;
  readonly #records: StoredRecords;
  readonly #current: CurrentRecord;
  #end: SessionEnd | undefined;
  #adoption: Adoption | undefined;
  /** The sessions that this request has ended or tried to end. Their ids may not be used again: a `delete` may be under way. */
  endedIds: readonly string[];

  /**
   * @param known the record of the session that came
   * @param adoption takes over the session, where it came without a record
   */
  constructor(storage: SessionStorage, endedIds: readonly string[], known?: KnownRecord, adoption?: Adoption) {
    this.#storage = storage;
    this.#records = storage.records;
    this.#current = new CurrentRecord(storage, known);
    this.#adoption = adoption;
    this.endedIds = endedIds;
  }

  get known(): KnownRecord | undefined {
    return this.#current.known;
  }

  get isWritten(): boolean {
    return this.#current.isWritten;
  }

  get isTouched(): boolean {
    return this.#current.isTouched;
  }

  get goneId(): string | undefined {
    return this.#current.goneId;
  }

  get lost(): LostAnswers | undefined {
    return this.#current.lost;
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
      if (command.claims.jti === adoption?.id) await this.#adopt(command, adoption, context);
      else await this.#begin(command, context);
    } else if (command.kind === 'delete') await this.#finish(command.hasKept, context.now);
    else if (known !== undefined) {
      if (command.kind === 'save') await this.#current.save(command, known, context);
      else if (command.kind === 'empty') await this.#empty(command, known, context);
      else await this.#current.touch(known, context.now, command.expiresAt);
    }
    if (this.lost === undefined) return;
    await this.#deleteBegun(this.known);
    this.#current.lost = undefined;
  }

  async #empty(command: EmptyRecord, known: KnownRecord, context: WriteContext): Promise<void> {
    await this.#current.empty(command, known, context, (record) => {
      this.#isEnding(known.id);
      if (record !== undefined) this.#ending.claimed(known, record);
    });
  }

  /** Ends the session, without one that has a record after it. @param hasKept whether values of it go on in a cookie */
  async #finish(hasKept: boolean, now: number): Promise<void> {
    const before = this.known ?? this.#adoption;
    const { isOurs } = await this.#endSession(before, hasKept, now);
    if (hasKept && !isOurs && before !== undefined) this.#current.forget(before);
    else this.#current.known = undefined;
    this.#adoption = undefined;
  }

  /** Begins a session, and ends the one before it. */
  async #begin(command: CreateRecord, context: WriteContext): Promise<void> {
    const { known, isWritten } = this;
    const name = { id: command.claims.jti };
    const before = known ?? this.#adoption;
    if (!(await this.#current.create(command, name, context))) throw revoked();
    try {
      // The new session is there before the old one goes: a client that is cut off in between has a valid one.
      const goesOn = this.#goesOn(command);
      const { isOurs, record } = await this.#endSession(before, goesOn, context.now);
      if (before !== undefined && record !== undefined) await this.#takeAlong(command, before, record, context);
      const isUnclear = !isOurs && goesOn && this.lost?.mayHaveEnded === true;
      if (!isOurs && (command.hasKept || isUnclear)) {
        // Another request has ended it, or may have, and nothing of it may come back.
        await this.#records.delete(name);
        await this.#deleteBegun(name);
        this.#current.forget(name);
      }
    } catch (error) {
      // The old one lives, or it is not known: the next attempt has to end it.
      this.#current.goBack({ known, isWritten });
      throw error;
    }
    this.#adoption = undefined;
  }

  async #endSession(before: KnownRecord | Adoption | undefined, goesOn: boolean, now: number): Promise<Ending> {
    if (before !== undefined) this.#isEnding(before.id);
    try {
      return await this.#ending.end(before, goesOn, now);
    } catch (error) {
      this.#current.mayHaveEnded();
      throw error;
    }
  }

  #isEnding(id: string): void {
    this.endedIds = [...this.endedIds, id];
  }

  /** Deletes the new sessions that attempts have begun whose answers were lost. @param kept but not this one */
  async #deleteBegun(kept: RecordName | undefined): Promise<void> {
    const names = this.lost?.begun.filter((name) => !isSameRecord(name, kept)) ?? [];
    for (const { id } of names) this.#isEnding(id);
    await Promise.all(names.map((name) => this.#records.delete(name)));
  }

  /** Most requests end no session. */
  get #ending(): SessionEnd {
    return (this.#end ??= new SessionEnd(this.#records));
  }

  /** Whether values of the session before may go on, also such as only other requests know. */
  #goesOn({ hasKept, keptKeys = [] }: CreateRecord): boolean {
    return hasKept || (keptKeys.length > 0 && !this.#storage.isDataInCookie);
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
    const { format } = this.#storage.settings;
    const own = { text: command.text, times: command.claims };
    const theirs = this.lost?.takenBack(ended, before.id, own, format) ?? ended;
    const text = isRead ? before.text : context.base();
    const taken = takenAlong(command, { text, times: before.times }, theirs, format);
    if (taken !== undefined) await this.#current.add(taken, known, context);
  }

  /** Gives a session that came without a record one: the first of several requests decides which. */
  async #adopt(command: CreateRecord, adoption: Adoption, context: WriteContext): Promise<void> {
    const name = { id: adoption.id, rk: adoption.rk };
    try {
      const isRevoked = !(await this.#current.create(command, name, context));
      const other = await adoption.decide(isRevoked ? '' : name.rk, context.now);
      if (!isRevoked && (other === undefined || other === name.rk)) {
        this.#adoption = undefined;
        return;
      }
      if (!isRevoked) await this.#records.delete(name);
      if (other === undefined || other === '') this.#current.forget(name);
      else await this.#current.join(command, { id: name.id, rk: other }, context);
    } catch (error) {
      // It is not decided yet which record the session has.
      this.#current.goBack({ known: undefined, isWritten: false });
      throw error;
    }
  }
}

function revoked(): SessionError {
  return new SessionError(
    'ERR_SESSION_REVOKED',
    'Cannot begin the session: all sessions of its person were ended since the request began. Let the person log in again.',
  );
}

function isSameRecord(a: RecordName, b: RecordName | undefined): boolean {
  return a.id === b?.id && a.rk === b.rk;
}
