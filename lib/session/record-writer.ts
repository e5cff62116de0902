import { mergeData } from '../data/merge-data.js';
import { SessionError } from '../session.errors.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import { unavailable } from './guarded-store.js';
import { areSameTimes, readRecord, writeRecord } from './record.js';
import type { KnownRecord, RecordCommand, RecordHistory } from './record-plan.js';
import type { SessionStorage } from './session-storage.js';

/** What a command needs to know beside itself. */
export interface WriteContext {
  /** Time of the save: a NumericDate in whole seconds. */
  readonly now: number;
  /** When the request began: a NumericDate. */
  readonly since: number;
  /** A hash of the person whose session it is, by its data as text. */
  readonly subjectOf: (text: string) => string | undefined;
  /** The data that came, as text. */
  readonly base: () => string;
}

/**
 * How long ago a session ends that is ended by a save, in seconds: more than clocks differ, so that no instance takes it for a
 * living one; less than a minute, after which Redis has forgotten it and `delete` would not find it.
 */
const ENDED_AGO = 30;

type Save = Extract<RecordCommand, { kind: 'save' }>;

/** Carries out what was decided about the record of one request, and knows what the store has then. */
export class RecordWriter implements RecordHistory {
  readonly #storage: SessionStorage;
  known: KnownRecord | undefined;
  isWritten = false;
  isTouched = false;
  goneId: string | undefined;

  constructor(storage: SessionStorage) {
    this.#storage = storage;
  }

  /** @throws SessionError `ERR_SESSION_STORE_UNAVAILABLE` or `ERR_SESSION_REVOKED` */
  async run(command: RecordCommand, context: WriteContext): Promise<void> {
    const { known } = this;
    if (command.kind === 'create') {
      const created = await this.#create(command, context);
      // The new session is there before the old one goes: a client that is cut off in between has a valid one.
      if (known === undefined) return;
      if (!command.hasKept || (await this.#claim(known, context.now))) return this.#delete(known);
      // Another request has ended it, and nothing of it may come back.
      await this.#delete(created);
      this.#forget(created);
    } else if (known !== undefined) {
      if (command.kind === 'save') await this.#save(command, known, context);
      else if (command.kind === 'touch') await this.#touch(known, context.now, command.expiresAt);
      else {
        await this.#delete(known);
        this.known = undefined;
      }
    }
  }

  async #create(
    { claims, text }: Extract<RecordCommand, { kind: 'create' }>,
    context: WriteContext,
  ): Promise<KnownRecord> {
    const { jti: id, iat: createdAt, exp: expiresAt, ttl, abs } = claims;
    const { now: seenAt, since } = context;
    const times = { ttl, abs };
    const subject = context.subjectOf(text);
    const record: StoreRecord = { text: writeRecord(text, times), version: 1, createdAt, seenAt, expiresAt, subject };
    const key = this.#storage.keyOf(id);
    const result = await this.#storage.store.write((store) => store.create(key, record, since));
    if (result === 'revoked') throw revoked();
    this.isWritten = true;
    return (this.known = { id, record, text, times, isMerged: false });
  }

  /**
   * Ends a session in one atomic step, by a save that expires it: of several requests that go on with its values, one does.
   * It stays to be deleted, as only that is told to others.
   *
   * @returns whether this request has ended it
   */
  async #claim({ id, record }: KnownRecord, now: number): Promise<boolean> {
    const deadline = performance.now() + this.#storage.store.timeout;
    const key = this.#storage.keyOf(id);
    const attempt = async (current: StoreRecord): Promise<boolean> => {
      const result = await this.#trySave(key, current, { ...current, expiresAt: now - ENDED_AGO });
      if (result !== 'conflict') return result === 'saved';
      const fresh = await this.#storage.store.read((store) => store.load(key));
      if (performance.now() > deadline) throw unavailable();
      return fresh !== undefined && attempt(fresh);
    };
    return attempt(record);
  }

  async #tryTouch({ id, record }: KnownRecord, seenAt: number): Promise<boolean> {
    const key = this.#storage.keyOf(id);
    return this.#storage.store.write((store) => store.touch(key, seenAt, record.expiresAt));
  }

  /** Saves over the version that was read; where another request came first, on top of what that one has saved. */
  async #save(command: Save, known: KnownRecord, context: WriteContext): Promise<void> {
    // A request knows what it has written; what it has read is as it came, before a schema.
    const base = this.isWritten ? () => known.text : context.base;
    const deadline = performance.now() + this.#storage.store.timeout;
    const key = this.#storage.keyOf(known.id);
    const attempt = async (current: KnownRecord): Promise<void> => {
      const next = this.#next(command, current, base, context);
      const result = await this.#trySave(key, current.record, next);
      if (result === 'saved') return this.#keepSaved(command, current, next);
      const fresh = result === 'gone' ? undefined : await this.#storage.store.read((store) => store.load(key));
      if (fresh === undefined) return this.#forget(known);
      if (performance.now() > deadline) throw unavailable();
      return attempt({ ...current, record: fresh, isMerged: true });
    };
    await attempt(known);
  }

  #keepSaved({ text, times }: Save, { id, isMerged }: KnownRecord, record: StoreRecord): void {
    this.known = { id, isMerged, record: { ...record, version: record.version + 1 }, text, times };
    this.isWritten = true;
  }

  #trySave(key: string, before: StoreRecord, next: StoreRecord): Promise<'saved' | 'conflict' | 'gone'> {
    const isMoved = next.subject !== before.subject || next.expiresAt !== before.expiresAt;
    return this.#storage.store.write((store) => store.save(key, next, isMoved));
  }

  #next(
    command: Save,
    { record, isMerged, times }: KnownRecord,
    base: () => string,
    context: WriteContext,
  ): StoreRecord {
    const { format, lifetime } = this.#storage.settings;
    const theirs = isMerged ? readRecord(record.text, format) : undefined;
    const text = theirs === undefined ? command.text : mergeData(format, base(), command.text, theirs.text);
    const ownTimes = theirs !== undefined && areSameTimes(command.times, times) ? theirs.times : command.times;
    return {
      ...record,
      text: writeRecord(text, ownTimes),
      seenAt: context.now,
      // By the lifetime that it has then, which another request may have given it.
      expiresAt: command.isExtended
        ? lifetime.expiry({ iat: record.createdAt, ...ownTimes }, context.now)
        : record.expiresAt,
      subject: context.subjectOf(text),
    };
  }

  async #touch(known: KnownRecord, seenAt: number, expiresAt: number): Promise<void> {
    const touched = { ...known, record: { ...known.record, seenAt, expiresAt } };
    if (!(await this.#tryTouch(touched, seenAt))) return this.#forget(known);
    this.known = touched;
    this.isTouched = true;
  }

  async #delete({ id }: KnownRecord): Promise<void> {
    const key = this.#storage.keyOf(id);
    await this.#storage.store.write((store) => store.delete(key));
  }

  /** The session was ended meanwhile: this request goes on with what it has, and nothing of it is saved. */
  #forget({ id }: KnownRecord): void {
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
