import type { Rejected } from '../codec/session-codec.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { SessionError } from '../session.errors.js';
import type { TransportedSession } from '../transport/session-transport.js';
import type { CookieAction } from './cookie-action.js';
import { currentRecordOf } from './current-record-of.js';
import { FetchedRecords } from './fetched-records.js';
import type { LostAnswers } from './lost-answers.js';
import type { WriteContext } from './next-record.js';
import { planSave } from './plan-save.js';
import { deviceOf } from './record-labels.js';
import type { RecordCommand } from './record-command.js';
import { withKey, withoutRecord } from './record-cookie.js';
import { RecordWriter } from './record-writer.js';
import { RunningSave } from './running-save.js';
import { isOfData } from './save-errors.js';
import { type SavedSession, savedSession } from './saved-session.js';
import type { FetchedSessions } from './session-judge.js';
import type { SessionState } from './session-state.js';
import type { SessionStorage } from './session-storage.js';

const KEEP: CookieAction = { action: 'keep' };
const NONE: readonly string[] = [];

/** The session of one request in a store: fetched before the request, saved before the response leaves. */
export class StoredSession implements FetchedSessions {
  readonly #exchange: HttpExchange;
  readonly #storage: SessionStorage;
  readonly #openedAt = Date.now() / 1000;
  #records: FetchedRecords | undefined;
  #writer: RecordWriter | undefined;
  #cookie: CookieAction = KEEP;
  /** What to do with the cookie where nothing else is decided: it has not left yet, and its session was loaded again. */
  #unsent: CookieAction = KEEP;
  #lastState: SessionState | undefined;
  #saved: SavedSession | undefined;
  /** By writers before this one as well. */
  #endedIds: readonly string[] = NONE;
  /** Most requests store nothing. */
  #save: RunningSave | undefined;
  #isAdopting = false;
  #wasRolledBack = false;

  constructor(exchange: HttpExchange, storage: SessionStorage) {
    this.#exchange = exchange;
    this.#storage = storage;
  }

  /** Fetches what the cookies speak of; see {@link FetchedRecords.fetch}. A second time: anew, after what is being saved. */
  fetch(now: number): Promise<void> | undefined {
    const running = this.#save?.promise;
    if (running !== undefined) {
      const again = () => this.fetch(now);
      return running.then(again, again);
    }
    const { cookie } = this;
    this.#cookie = this.#unsent = cookie.action === 'keep-back' ? KEEP : cookie;
    this.#saved = this.#lastState && savedSession(cookie, this.#lastState, this.#storage.settings.format);
    this.#records = new FetchedRecords(this.#storage);
    this.#writer = undefined;
    this.#save?.reset();
    return this.#records.fetch(this.#exchange.request, now, this.#saved?.session?.claims);
  }

  saved(now: number): SavedSession | undefined {
    const saved = this.#saved;
    if (saved?.session === undefined) return saved;
    const session = this.of(saved.session, now);
    if (session.ok) return { ...saved, session };
    this.#drop();
    return undefined;
  }

  of(cookie: TransportedSession, now: number): TransportedSession | Rejected {
    return (this.#records ??= new FetchedRecords(this.#storage)).of(cookie, now);
  }

  /** Whether a request whose session cannot be fetched gets an empty one. */
  isAnonymous(error: unknown): error is SessionError {
    const isAllowed = this.#storage.options.unavailable === 'anonymous';
    return isAllowed && error instanceof SessionError && error.code === 'ERR_SESSION_STORE_UNAVAILABLE';
  }

  get isSaving(): boolean {
    return this.#save?.promise !== undefined;
  }

  /** What to do with the cookie, once the session is saved. */
  get cookie(): CookieAction {
    if (this.failure !== undefined) return KEEP;
    if (this.#isAdopting && this.isSaving) return this.#storage.isDataInCookie ? withoutRecord(this.#cookie) : KEEP;
    return this.#writer === undefined ? this.#cookie : withKey(this.#cookie, this.#writer.current);
  }

  /** See {@link RunningSave.failure}. */
  get failure(): unknown {
    return this.#save?.failure;
  }

  /** See {@link RunningSave.refusal}. */
  get refusal(): unknown {
    return this.#save?.refusal;
  }

  /**
   * Saves the session, after what is being saved already.
   *
   * @param now a NumericDate in whole seconds
   * @param seal makes the cookie, where it has the data: one that is too large is an error before anything is saved
   * @returns `undefined` where there is nothing to save; rejected with `ERR_SESSION_STORE_UNAVAILABLE`, `ERR_SESSION_REVOKED`, or
   * what the options `subject` and `describe` throw
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`
   */
  save(state: SessionState, now: number, seal: (cookie: CookieAction) => void): Promise<void> | undefined {
    const running = this.#save?.promise;
    if (running !== undefined) return running.then(() => this.save(state, now, seal));
    this.#save?.reset();
    this.#lastState = state;
    try {
      return this.#begin(state, now, seal);
    } catch (error) {
      this.#saving.refuse(error);
      throw error;
    }
  }

  #begin(state: SessionState, now: number, seal: (cookie: CookieAction) => void): Promise<void> | undefined {
    const writer = (this.#writer ??= this.#newWriter(state));
    const { current } = writer;
    // Only a fresh id may be created: after a save, a session that was emptied and filled again, or rolled back, has an old one.
    if (current.endedIds.includes(state.id)) state.rename(state.id === state.originId);
    if (current.lost !== undefined && this.#isTriedAgain(current.lost, state)) state.touch();
    const plan = this.#ask(() => planSave(state, current, this.#storage, now));
    if (plan instanceof Promise) return plan;
    const { command, cookie } = plan;
    // A function of the request may return an impossible attribute: an error before anything is saved.
    if (cookie !== undefined && cookie.action !== 'keep') this.#storage.settings.attributes.of(this.#exchange);
    if (cookie?.action === 'write' && this.#storage.isDataInCookie) seal(withKey(cookie, current));
    const context = command && this.#ask(() => this.#contextOf(command, state, now));
    if (context instanceof Promise) return context;
    if (cookie !== undefined) this.#cookie = cookie.action === 'keep' ? this.#unsent : cookie;
    if (command === undefined || context === undefined) return undefined;
    this.#isAdopting = command.kind === 'create' && command.claims.jti === current.adoptedId;
    this.#wasRolledBack = state.isRolledBack;
    return this.#saving.run(() => this.#write(writer, command, context));
  }

  /**
   * Whether a session is saved again after an answer was lost, even if nothing is changed any more. Not after a rollback: the
   * application has heard of the failure and answers by itself. But it must hear as well that the session may have ended.
   */
  #isTriedAgain({ mayHaveEnded }: LostAnswers, { isRolledBack }: SessionState): boolean {
    return mayHaveEnded || !isRolledBack || this.#wasRolledBack;
  }

  /**
   * Calls the application's functions for the record: what they throw is a failure of the save, which a held response reports.
   * @throws what fails without a store as well
   */
  #ask<T>(question: () => T): T | Promise<void> {
    try {
      return question();
    } catch (error) {
      if (isOfData(error)) throw error;
      return this.#saving.fail(error);
    }
  }

  #newWriter(state: SessionState): RecordWriter {
    return new RecordWriter(this.#storage, currentRecordOf(state, this.#records, this.#storage, this.#endedIds));
  }

  get #saving(): RunningSave {
    return (this.#save ??= new RunningSave());
  }

  async #write(writer: RecordWriter, command: RecordCommand, context: WriteContext): Promise<void> {
    try {
      await writer.run(command, context);
    } finally {
      this.#endedIds = writer.current.endedIds;
    }
    const { known, goneId } = writer.current;
    if (command.kind === 'empty') {
      // The session was emptied, and has what another request has saved in it.
      if (known !== undefined) this.#cookie = this.#unsent;
    } else if (goneId !== undefined && known === undefined) this.#drop();
  }

  /** The session was ended meanwhile: the client keeps a cookie that is worth nothing. */
  #drop(): void {
    this.#cookie = this.#unsent = KEEP;
    this.#saved = undefined;
  }

  #contextOf({ kind }: RecordCommand, state: SessionState, now: number): WriteContext {
    const since = this.#exchange.arrivedAt ?? this.#openedAt;
    const isWritten = kind === 'create' || kind === 'save';
    const device = isWritten ? deviceOf(this.#storage.options, this.#exchange.request) : undefined;
    const subjectOf = (text: string) => this.#storage.subjectOf(text);
    return { now, since, device, subjectOf, base: () => state.data.originalText };
  }
}
