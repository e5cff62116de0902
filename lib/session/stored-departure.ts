import { type DepartureListener, isLeaving } from '../http/hold-back.js';
import type { RawResponse } from '../http/raw-http.js';
import { causeOf } from './save-errors.js';
import type { SessionLog } from './session-log.js';
import type { SessionState } from './session-state.js';
import type { StoredSession } from './stored-session.js';

/** What a departure needs of its session. */
export interface DepartingSession {
  /** The session as it is to be saved; `undefined` where it was not used. */
  readonly prepare: () => SessionState | undefined;
  /** Reports that the session cannot be written: the answer leaves without it. */
  readonly report: (error: unknown) => void;
  /** Told that the session was not saved, each time that an answer leaves or is replaced for that reason. */
  readonly onNotSaved: (error: unknown) => void;
  readonly log: SessionLog;
}

/** Saves the session of a request in the store before its response leaves, on whatever path. */
export class StoredDeparture implements DepartureListener {
  readonly #stored: StoredSession;
  readonly #session: DepartingSession;
  /** Why the session could not be written at all. */
  #error: unknown;

  constructor(stored: StoredSession, session: DepartingSession) {
    this.#stored = stored;
    this.#session = session;
  }

  onDeparture(): Promise<void> | undefined {
    if (this.hasFailed) {
      // An answer that reports the failure of a save does not try again.
      this.#session.onNotSaved(this.#stored.failure);
      return undefined;
    }
    this.#error = undefined;
    let state: SessionState | undefined;
    try {
      state = this.#session.prepare();
      const saved = state && this.#stored.save(state, Math.floor(Date.now() / 1000));
      saved?.catch((error: unknown) => this.#session.onNotSaved(error));
      return saved;
    } catch (error) {
      this.#error = error;
      this.#session.report(error);
      return undefined;
    } finally {
      // Later changes are lost, as those after the headers have left.
      state?.data.markSent();
    }
  }

  get hasFailed(): boolean {
    return this.#stored.failure !== undefined;
  }

  /** Why the headers leave without the session; `undefined` where they do not. */
  get error(): unknown {
    return this.#stored.failure ?? this.#error;
  }

  onFailure(error: unknown): void {
    this.#session.log.error(`Cannot send a response that waited for its session: ${causeOf(error)}.`);
  }

  /**
   * Where other software has wrapped the response since the request arrived, the headers pass here before they are held back
   * below it: the save begins, and what it has decided about the cookie is written. Where it fails, nothing of it is sent.
   */
  begin(response: RawResponse | undefined): void {
    if (response === undefined || !isLeaving(response)) this.onDeparture()?.catch(() => undefined);
  }
}
