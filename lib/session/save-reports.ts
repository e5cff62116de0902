import { quote } from '../data/quote.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { onFinished } from '../http/on-finished.js';
import { SessionError } from '../session.errors.js';
import type { RequestEvents } from './request-events.js';
import { isOfStore, isSameFailure, messageOf } from './save-errors.js';
import type { SessionLog } from './session-log.js';
import type { SessionState } from './session-state.js';

/** How many paths a log line names. */
const MAX_PATHS = 5;

/** The session of a request, with what it is now. */
interface SentSession {
  readonly exchange: HttpExchange;
  readonly loaded: SessionState | undefined;
}

/** Tells what of a session was not saved, in the log and to the hooks of the application. Throws nothing. */
export class SaveReports {
  readonly #session: SentSession;
  readonly #log: SessionLog;
  readonly #events: RequestEvents | undefined;
  /** The last failure that the log has, or that code of the application has got; `undefined` once the session was sealed. */
  known: unknown;
  #isWatching = false;
  #hasReported = false;

  /** @param events `undefined` where the application has no hooks */
  constructor(session: SentSession, log: SessionLog, events: RequestEvents | undefined) {
    this.#session = session;
    this.#log = log;
    this.#events = events;
  }

  /** Logs a failure, unless it is known. */
  log(error: unknown): void {
    if (!isSameFailure(error, this.known)) this.#log.error(messageOf(error));
    this.known = error;
  }

  /** Tells that an answer leaves without the session. */
  notSaved(error: unknown): void {
    if (!isOfStore(error)) this.log(error);
    const { loaded } = this.#session;
    if (loaded !== undefined) this.#events?.onNotSaved(loaded, error);
  }

  /**
   * Looks for late changes when the response has finished; if it has ended already, as soon as the code returns that has just
   * been given the data.
   */
  watchLateChanges(): void {
    if (this.#isWatching || this.#hasReported) return;
    this.#isWatching = true;
    onFinished(this.#session.exchange.response, () => {
      this.#isWatching = false;
      this.reportLateChanges();
    });
  }

  /** Tells, once, that the data was changed after the cookie had left: no error can be thrown at the line that changes it. */
  reportLateChanges(): void {
    if (this.#hasReported) return;
    try {
      const state = this.#session.loaded;
      if (state?.data.hasLostChanges !== true) return;
      this.#hasReported = true;
      const message = lostChanges(state.data.lostPaths(MAX_PATHS + 1));
      this.#log.error(message);
      this.#events?.onNotSaved(state, new SessionError('ERR_SESSION_HEADERS_SENT', message));
    } catch {
      // A serializer that fails to read what it has written: the data cannot be compared.
    }
  }
}

function lostChanges(paths: readonly string[]): string {
  const named = paths.slice(0, MAX_PATHS).map(quote);
  if (paths.length > MAX_PATHS) named.push('and more');
  const place = named.length === 0 ? '' : ` at ${named.join(', ')}`;
  return `Cannot save a change of the session${place}: it was made after the response headers had left. Make it earlier.`;
}
