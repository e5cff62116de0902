import { copyJson } from '../data/json-data.js';
import type { SessionRecord } from '../data/session-data.js';
import type { RawRequest } from '../http/raw-http.js';
import type { SessionSettings } from '../options/session.settings.js';
import type { StoreSettings } from '../options/store-options.js';
import type { TransportedSession } from '../transport/session-transport.js';
import { catchRejection } from './call-hook.js';
import { GuardedStore } from './guarded-store.js';
import { adoptionKey, subjectKey } from './record-key.js';
import { subjectIn } from './record-labels.js';
import type { SessionLoader } from './session-loader.js';
import type { SessionLog } from './session-log.js';
import { StoredRecords } from './stored-records.js';
import { sweepRegularly } from './sweeping.js';

/** What the stored sessions of one manager share. */
export class SessionStorage {
  readonly settings: SessionSettings;
  readonly options: StoreSettings;
  readonly store: GuardedStore;
  readonly records: StoredRecords;
  readonly #loader: SessionLoader;
  readonly #log: SessionLog;

  constructor(settings: SessionSettings, options: StoreSettings, loader: SessionLoader, log: SessionLog) {
    this.settings = settings;
    this.options = options;
    this.store = new GuardedStore(options.store, options.timeout, log);
    this.records = new StoredRecords(this.store, settings.recordCipher, this.#cookieName);
    this.#loader = loader;
    this.#log = log;
  }

  /** Whether the data travels in the cookie. */
  get isDataInCookie(): boolean {
    return this.options.data === 'cookie';
  }

  /** Whether the store is told of the sessions of persons, and of no others. */
  get isOfPersonsOnly(): boolean {
    return this.isDataInCookie && this.options.subject !== undefined;
  }

  /** The sessions to fetch for a request. @param now a NumericDate in whole seconds */
  sessionsIn(request: RawRequest, now: number): readonly TransportedSession[] {
    const sessions = this.#loader.sessionsIn(request, now);
    return sessions.filter((each) => each.claims.st === 1 || (this.options.adopt && this.needsRecord(each)));
  }

  /**
   * Whether a session is valid only as long as it has a record. A visitor's session is not, where its data is in the cookie and
   * the store is told of persons: there is nothing to end but a cart, and most visitors would cost a record and a look-up each.
   */
  needsRecord(session: Pick<TransportedSession, 'data' | 'isShared'>): boolean {
    if (!this.isOfPersonsOnly) return true;
    try {
      return this.#subjectIn(session) !== undefined;
    } catch {
      // Told when the session is saved.
      return true;
    }
  }

  /** Whether the data of a cookie is of another person than the data that its record has, where it has some. */
  isOfOther(session: TransportedSession, recorded: SessionRecord | undefined): boolean {
    if (recorded === undefined) return false;
    try {
      return this.#subjectIn(session) !== subjectIn(this.options, recorded);
    } catch {
      return true;
    }
  }

  /** Of a copy where other requests share the data, because the function may change its input. */
  #subjectIn({ data, isShared }: Pick<TransportedSession, 'data' | 'isShared'>): string | undefined {
    return subjectIn(this.options, isShared ? copyJson(data) : data);
  }

  /** The hash of the person whose session has this data, as text. @throws as {@link subjectIn} */
  subjectOf(text: string): string | undefined {
    if (this.options.subject === undefined) return undefined;
    const subject = subjectIn(this.options, this.settings.format.read(text));
    return subject === undefined ? undefined : subjectKey(this.#cookieName, subject);
  }

  /** Whether a request may have a cookie that speaks of a session in the store. */
  isMentionedIn(request: RawRequest): boolean {
    return request.headers.cookie?.includes(this.#cookieName) === true;
  }

  /** Whether the application wants nothing fetched for a request. */
  isSkipped(request: RawRequest): boolean {
    try {
      const answer: unknown = this.options.skip?.(request);
      if (catchRejection(answer)) this.#reportSkip('returned a promise');
      return answer === true;
    } catch {
      this.#reportSkip('threw');
      return false;
    }
  }

  #reportSkip(how: string): void {
    this.#log.errorOnce(
      `Cannot decide whether to fetch a session: the option store.skip ${how}. Let it return true or false.`,
    );
  }

  /** Begins to remove expired sessions from the store. @returns stops all that is asked of it without a request */
  sweepRegularly(): () => void {
    const stopSweeping = sweepRegularly(this.options, this.#log);
    return () => {
      stopSweeping();
      this.store.close();
    };
  }

  adoptionKeyOf(id: string): string {
    return adoptionKey(this.#cookieName, id);
  }

  get #cookieName(): string {
    return this.settings.transports[0].names[0];
  }
}
