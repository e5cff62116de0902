import { SessionError } from '../session.errors.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import { Adoption } from './adoption.js';
import type { CurrentRecord } from './current-record.js';
import type { WriteContext } from './next-record.js';
import { areSameTimes } from './record.js';
import type { RecordName } from './record-key.js';
import type { CreateRecord, EmptyRecord, KnownRecord } from './record-command.js';
import { type Ending, SessionEnd } from './session-end.js';
import type { SessionStorage } from './session-storage.js';
import { takenAlong } from './taken-along.js';

/** The session that a new one follows. */
type Before = KnownRecord | Adoption | undefined;

/** Leads from one session of a request to the next: begins one, ends the one before it, and saves what goes on. */
export class Succession {
  readonly #storage: SessionStorage;
  readonly #current: CurrentRecord;
  readonly #ending: SessionEnd;

  constructor(storage: SessionStorage, current: CurrentRecord) {
    this.#storage = storage;
    this.#current = current;
    this.#ending = new SessionEnd(storage.records);
  }

  /** Ends a session that was emptied, unless another request has saved something in it: then it lives on with that. */
  async empty({ text }: EmptyRecord, known: KnownRecord, context: WriteContext): Promise<void> {
    const command = { kind: 'save', text, times: known.times, isExtended: false } as const;
    await this.#current.save(command, known, context, (record) => {
      this.#current.addEnded(known);
      if (record !== undefined) this.#ending.claimed(known, record);
    });
  }

  /** Ends the session; the next one has no record. @param hasKept whether that goes on with values, in its cookie */
  async finish(before: Before, hasKept: boolean, now: number): Promise<void> {
    const { isOurs } = await this.#end(before, hasKept, now);
    if (hasKept && !isOurs && before !== undefined) this.#current.forget(before);
    else this.#current.known = undefined;
  }

  /** Begins a session, and ends the one before it. @throws SessionError `ERR_SESSION_REVOKED` */
  async begin(command: CreateRecord, before: Before, context: WriteContext): Promise<void> {
    const { known, isWritten } = this.#current;
    const name = { id: command.claims.jti };
    if (!(await this.#current.create(command, name, context))) throw revoked();
    try {
      // The new session is there before the old one goes: a client that is cut off in between has a valid one.
      const goesOn = this.#goesOn(command);
      const { isOurs, record } = await this.#end(before, goesOn, context.now);
      if (before !== undefined && record !== undefined) await this.#takeAlong(command, before, record, context);
      const isUnclear = !isOurs && goesOn && this.#current.lost?.mayHaveEnded === true;
      if (isOurs || !(command.hasKept || isUnclear)) return;
      // Another request has ended it, or may have, and nothing of it may come back.
      await this.#storage.records.delete(name);
      await this.deleteBegun(name);
      this.#current.forget(name);
    } catch (error) {
      // The old one may live: the next attempt has to end it.
      this.#current.goBack({ known, isWritten });
      throw error;
    }
  }

  async #end(before: Before, goesOn: boolean, now: number): Promise<Ending> {
    if (before !== undefined) this.#current.addEnded(before);
    try {
      return await this.#ending.end(before, goesOn, now);
    } catch (error) {
      this.#current.addLostEnd();
      throw error;
    }
  }

  /** Deletes the new sessions that lost attempts may have begun. @param kept the one that stays */
  async deleteBegun(kept: RecordName | undefined): Promise<void> {
    const names = this.#current.lost?.begun.filter(({ id, rk }) => id !== kept?.id || rk !== kept.rk) ?? [];
    // One that was to be taken over goes on under its id, with the record of another request.
    for (const name of names) if (name.id !== kept?.id) this.#current.addEnded(name);
    await Promise.all(names.map((name) => this.#storage.records.delete(name)));
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
    const { known, lost } = this.#current;
    if (known === undefined || this.#storage.isDataInCookie) return;
    const isRead = !(before instanceof Adoption);
    // Its end is the next version after the one that was read: this request shows all that it has.
    if (isRead && !before.isMerged && ended.version === before.record.version + 1) return;
    const { format } = this.#storage.settings;
    const own = { text: command.text, times: command.claims };
    const theirs = lost?.takenBack(ended, before.id, own, format) ?? ended;
    const text = isRead ? before.text : context.base();
    const taken = takenAlong(command, { text, times: before.times }, theirs, format);
    if (taken === undefined) return;
    const isExtended = !areSameTimes(taken.times, known.times);
    await this.#current.save({ kind: 'save', ...taken, isExtended }, known, context);
    // This request goes on showing what it has.
    if (this.#current.known !== undefined)
      this.#current.known = { ...this.#current.known, text: known.text, times: known.times, isMerged: true };
  }
}

function revoked(): SessionError {
  return new SessionError(
    'ERR_SESSION_REVOKED',
    'Cannot begin the session: all sessions of its person were ended since the request began. Let the person log in again.',
  );
}
