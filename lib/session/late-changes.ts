import { quote } from '../data/quote.js';
import { onFinished } from '../http/on-finished.js';
import type { RawResponse } from '../http/raw-http.js';
import { SessionError } from '../session.errors.js';
import type { RequestEvents } from './request-events.js';
import type { SessionLog } from './session-log.js';
import type { SessionState } from './session-state.js';

/** How many paths a log line names. */
const MAX_PATHS = 5;

/** Reports, once per session, that its data was changed after the cookie had left: nothing can throw at that line. */
export class LateChanges {
  readonly #stateOf: () => SessionState | undefined;
  readonly #log: SessionLog;
  readonly #events: RequestEvents | undefined;
  #isWatching = false;
  #hasReported = false;

  /** @param events `undefined` where the application has no hooks */
  constructor(stateOf: () => SessionState | undefined, log: SessionLog, events: RequestEvents | undefined) {
    this.#stateOf = stateOf;
    this.#log = log;
    this.#events = events;
  }

  /**
   * Compares the data with what was sent when the response has finished; if it has ended already, as soon as the code
   * returns that has just been given the data.
   */
  watch(response: RawResponse | undefined): void {
    if (this.#isWatching || this.#hasReported) return;
    this.#isWatching = true;
    onFinished(response, () => {
      this.#isWatching = false;
      this.report();
    });
  }

  /** Throws nothing: it runs in events of the response. */
  report(): void {
    if (this.#hasReported) return;
    try {
      const state = this.#stateOf();
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
