import type { Lifetime } from '../codec/lifetime.js';
import type { DepartureListener } from '../http/hold.js';
import { holdBack, isLeaving } from '../http/hold-back.js';
import type { RawRequest, RawResponse } from '../http/raw-http.js';
import type { SessionError } from '../session.errors.js';
import { cookieActionOf } from './cookie-action.js';
import { causeOf } from './save-errors.js';
import type { KeptSession, SessionKeeper } from './session-keeper.js';
import type { SessionLoader } from './session-loader.js';
import type { SessionLog } from './session-log.js';
import type { SessionState } from './session-state.js';
import type { SessionStorage } from './session-storage.js';
import { StoredSession } from './stored-session.js';

/** A store keeps the session: its data is fetched before the first use, and saved before the response leaves, on whatever path. */
export class StoreKeeper implements SessionKeeper, DepartureListener {
  readonly isStored = true;
  readonly #session: KeptSession;
  readonly #stored: StoredSession;
  readonly #loader: SessionLoader;
  readonly #lifetime: Lifetime;
  readonly #isDataInCookie: boolean;
  readonly #log: SessionLog;
  #unavailable: SessionError | undefined;

  constructor(session: KeptSession, storage: SessionStorage, loader: SessionLoader, log: SessionLog) {
    this.#session = session;
    this.#stored = new StoredSession(session.exchange, storage);
    this.#loader = loader;
    this.#lifetime = storage.settings.lifetime;
    this.#isDataInCookie = storage.isDataInCookie;
    this.#log = log;
  }

  get unavailable(): SessionError | undefined {
    return this.#unavailable;
  }

  get isSaving(): boolean {
    return this.#stored.isSaving;
  }

  get failure(): unknown {
    return this.#stored.failure ?? this.#stored.refusal;
  }

  get isCookieDead(): boolean {
    return this.#stored.cookie.action === 'keep';
  }

  fetch(now: number): Promise<void> | undefined {
    this.#unavailable = undefined;
    const fetching = this.#stored.fetch(now);
    return this.isCookieDead ? fetching : Promise.resolve(fetching).then(() => this.#loadAgain());
  }

  /** The cookie of a session that was saved leaves, also where the session is not used any more. */
  #loadAgain(): void {
    try {
      void this.#session.state;
    } catch {
      // Thrown where the session is used.
    }
  }

  load(request: RawRequest, now: number): SessionState {
    try {
      return this.#loader.load(request, now, this.#stored);
    } catch (error) {
      if (!this.#stored.isAnonymous(error)) throw error;
      this.#unavailable = error;
      return this.#loader.create(now);
    }
  }

  /** The cookie is made when the session is saved; where it has the data, its size is checked here too. */
  seal(state: SessionState, now: number, session: KeptSession): void {
    const cookie = cookieActionOf(state, this.#lifetime, now);
    if (this.#isDataInCookie) session.sealCookie(state, cookie, now);
  }

  save(state: SessionState, now: number, session: KeptSession): Promise<void> | undefined {
    return this.#stored.save(state, now, (cookie) => session.sealCookie(state, cookie, now));
  }

  watch(response: RawResponse): void {
    holdBack(response, this);
  }

  onDeparture(): Promise<void> | undefined {
    const { failure } = this.#stored;
    if (failure !== undefined) {
      // An answer that reports the failure of a save does not try again.
      this.#session.notSaved(failure);
      return undefined;
    }
    const saved = this.#session.depart();
    saved?.catch((error: unknown) => this.#session.notSaved(error));
    return saved;
  }

  onFailure(error: unknown): void {
    this.#log.error(`Cannot send a response that waited for its session: ${causeOf(error)}.`);
  }

  /**
   * Where other software has wrapped the response since the request arrived, the headers come here before they are held back:
   * the save begins now, and the cookie is the one that it has planned. Where the save fails, another answer is sent.
   */
  beforeHeaders({ exchange: { response } }: KeptSession): void {
    if (response === undefined || !isLeaving(response)) this.onDeparture()?.catch(() => undefined);
  }

  sealLeaving(state: SessionState, now: number, session: KeptSession): void {
    session.sealCookie(state, this.#stored.cookie, now);
  }
}
