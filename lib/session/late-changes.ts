import { quote } from '../data/quote.js';
import type { TrackedData } from '../data/tracked-data.js';
import { onFinished } from '../http/on-finished.js';
import type { RawResponse } from '../http/raw-http.js';
import type { SessionLog } from './session-log.js';

/** How many paths a log line names. */
const MAX_PATHS = 5;

/** Logs, once per session, that its data was changed after the cookie had left: nothing can throw at that line. */
export class LateChanges {
  readonly #dataOf: () => TrackedData | undefined;
  readonly #log: SessionLog;
  #isWatching = false;
  #hasReported = false;

  constructor(dataOf: () => TrackedData | undefined, log: SessionLog) {
    this.#dataOf = dataOf;
    this.#log = log;
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
      const data = this.#dataOf();
      if (data?.hasLostChanges !== true) return;
      this.#hasReported = true;
      this.#log.error(lostChanges(data.lostPaths(MAX_PATHS + 1)));
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
