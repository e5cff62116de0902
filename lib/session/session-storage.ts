import type { RawRequest } from '../http/raw-http.js';
import type { SessionSettings } from '../options/session.settings.js';
import type { StoreSettings } from '../options/store-options.js';
import type { TransportedSession } from '../transport/session-transport.js';
import { catchRejection } from './call-hook.js';
import { GuardedStore } from './guarded-store.js';
import { recordKey, subjectKey } from './record-key.js';
import type { SessionLoader } from './session-loader.js';
import type { SessionLog } from './session-log.js';

/** What the stored sessions of one manager share. */
export class SessionStorage {
  readonly settings: SessionSettings;
  readonly options: StoreSettings;
  readonly store: GuardedStore;
  readonly #loader: SessionLoader;
  readonly #log: SessionLog;

  constructor(settings: SessionSettings, options: StoreSettings, loader: SessionLoader, log: SessionLog) {
    this.settings = settings;
    this.options = options;
    this.store = new GuardedStore(options.store, options.timeout, log);
    this.#loader = loader;
    this.#log = log;
  }

  /** The sessions to fetch for a request. @param now a NumericDate in whole seconds */
  sessionsIn(request: RawRequest, now: number): readonly TransportedSession[] {
    return this.#loader.storedIn(request, now);
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

  keyOf(id: string): string {
    return recordKey(this.#cookieName, id);
  }

  /** @param subject what the option `subject` has returned */
  subjectKeyOf(subject: string): string {
    return subjectKey(this.#cookieName, subject);
  }

  get #cookieName(): string {
    return this.settings.transports[0].names[0];
  }
}
