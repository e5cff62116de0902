import { type DepartureListener, isLeaving } from '../http/hold-back.js';
import type { RawResponse } from '../http/raw-http.js';
import type { SessionLog } from './session-log.js';
import type { SessionState } from './session-state.js';
import type { StoredSession } from './stored-session.js';

/** What a departure needs of its session. */
export interface DepartingSession {
  /** The session as it is to be saved; `undefined` where it was not used. */
  readonly prepare: () => SessionState | undefined;
  /** Reports that the session cannot be written: the answer leaves without it. */
  readonly report: (error: unknown) => void;
  readonly log: SessionLog;
}

/** Saves the session of a request in the store before its response leaves, on whatever path. */
export class StoredDeparture implements DepartureListener {
  readonly #stored: StoredSession;
  readonly #session: DepartingSession;

  constructor(stored: StoredSession, session: DepartingSession) {
    this.#stored = stored;
    this.#session = session;
  }

  onDeparture(): Promise<void> | undefined {
    // An answer that reports the failure of a save does not try again.
    if (this.hasFailed) return undefined;
    let state: SessionState | undefined;
    try {
      state = this.#session.prepare();
      return state && this.#stored.save(state, Math.floor(Date.now() / 1000));
    } catch (error) {
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

  onFailure(error: unknown): void {
    // No message: it may name what a client has sent.
    const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
    this.#session.log.error(`Cannot send a response that waited for its session: ${String(code ?? name)}.`);
  }

  /**
   * Where other software has wrapped the response since the request arrived, the headers pass here before they are held back
   * below it: the save begins, and what it has decided about the cookie is written. Where it fails, nothing of it is sent.
   */
  begin(response: RawResponse | undefined): void {
    if (response === undefined || !isLeaving(response)) this.onDeparture()?.catch(() => undefined);
  }
}
