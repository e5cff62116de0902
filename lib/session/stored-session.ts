import type { Rejected } from '../codec/session-codec.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { SessionError } from '../session.errors.js';
import type { TransportedSession } from '../transport/session-transport.js';
import { catchRejection } from './call-hook.js';
import { FetchedRecords } from './fetched-records.js';
import { type KnownRecord, planRecord } from './record-plan.js';
import { RecordWriter, type WriteContext } from './record-writer.js';
import type { FetchedSessions } from './session-loader.js';
import type { CookieAction, SessionState } from './session-state.js';
import type { SessionStorage } from './session-storage.js';

const KEEP: CookieAction = { action: 'keep' };

/** The session of one request in a store: fetched before the request, saved before the response leaves. */
export class StoredSession implements FetchedSessions {
  readonly #exchange: HttpExchange;
  readonly #storage: SessionStorage;
  readonly #openedAt = Date.now() / 1000;
  #records: FetchedRecords;
  #writer: RecordWriter | undefined;
  #cookie: CookieAction = KEEP;
  #endedId: string | undefined;
  #running: Promise<void> | undefined;
  #failure: unknown;

  constructor(exchange: HttpExchange, storage: SessionStorage) {
    this.#exchange = exchange;
    this.#storage = storage;
    this.#records = new FetchedRecords(storage);
  }

  /** Fetches what the cookies speak of; see {@link FetchedRecords.fetch}. A second time: anew, and what was is forgotten. */
  fetch(now: number): Promise<void> | undefined {
    this.#records = new FetchedRecords(this.#storage);
    this.#writer = undefined;
    this.#cookie = KEEP;
    this.#failure = undefined;
    return this.#records.fetch(this.#exchange.request, now);
  }

  of(cookie: TransportedSession, now: number): TransportedSession | Rejected {
    return this.#records.of(cookie, now);
  }

  /** Whether a request whose session cannot be fetched gets an empty one. */
  isAnonymous(error: unknown): error is SessionError {
    const isAllowed = this.#storage.options.unavailable === 'anonymous';
    return isAllowed && error instanceof SessionError && error.code === 'ERR_SESSION_STORE_UNAVAILABLE';
  }

  /** What to do with the cookie, once the session is saved. */
  get cookie(): CookieAction {
    return this.#failure === undefined ? this.#cookie : KEEP;
  }

  /** The error of the last save, if it has failed. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Saves the session, after what is being saved already.
   *
   * @param now a NumericDate in whole seconds
   * @returns `undefined` where there is nothing to save; rejected with `ERR_SESSION_STORE_UNAVAILABLE` or `ERR_SESSION_REVOKED`
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`
   */
  save(state: SessionState, now: number): Promise<void> | undefined {
    if (this.#running !== undefined) return this.#running.then(() => this.save(state, now));
    this.#failure = undefined;
    const writer = (this.#writer ??= this.#begin(state));
    // Only a fresh id may be created, and a session that was emptied and filled again after a save has an old one.
    if (state.id === this.#endedId) state.renew(Object.keys(state.data.values));
    const { command, cookie } = planRecord(state, writer, this.#storage.settings.lifetime, now);
    // A function of the request may return an impossible attribute: an error before anything is saved.
    if (cookie !== undefined && cookie.action !== 'keep') this.#storage.settings.attributes.of(this.#exchange);
    this.#cookie = cookie ?? this.#cookie;
    if (command === undefined) return undefined;
    if (command.kind === 'delete') this.#endedId = writer.known?.id;
    this.#running = this.#run(writer, command, this.#contextOf(state, now));
    return this.#running;
  }

  async #run(writer: RecordWriter, ...args: Parameters<RecordWriter['run']>): Promise<void> {
    try {
      await writer.run(...args);
      // Ended meanwhile: the client keeps a cookie that is worth nothing.
      if (writer.goneId !== undefined && writer.known === undefined) this.#cookie = KEEP;
    } catch (error) {
      this.#failure = error;
      throw error;
    } finally {
      this.#running = undefined;
    }
  }

  #begin(state: SessionState): RecordWriter {
    const writer = new RecordWriter(this.#storage);
    writer.known = this.#knownOf(state);
    return writer;
  }

  /** The record of the session that came. A session that came in another way has none. */
  #knownOf({ originClaims, data }: SessionState): KnownRecord | undefined {
    const record = originClaims && this.#records.get(originClaims.jti);
    if (record === undefined || originClaims?.st !== 1) return undefined;
    const { jti: id, ttl, abs } = originClaims;
    return {
      id,
      record,
      times: { ttl, abs },
      isMerged: false,
      get text() {
        return data.originalText;
      },
    };
  }

  #contextOf(state: SessionState, now: number): WriteContext {
    const since = this.#exchange.arrivedAt ?? this.#openedAt;
    return { now, since, subjectOf: (text) => this.#subjectOf(text), base: () => state.data.originalText };
  }

  #subjectOf(text: string): string | undefined {
    const { options, settings } = this.#storage;
    if (options.subject === undefined) return undefined;
    const subject: unknown = options.subject(settings.format.read(text));
    if (subject === undefined) return undefined;
    if (typeof subject === 'string' && subject !== '') return this.#storage.subjectKeyOf(subject);
    catchRejection(subject);
    throw new SessionError(
      'ERR_SESSION_OPTION_INVALID',
      'Cannot save the session: store.subject returned a value that is not possible. Let it return a text, such as the id of ' +
        'the user, or undefined for a visitor who is not logged in.',
    );
  }
}
