import { quote } from '../data/quote.js';
import type { TrackedData } from '../data/tracked-data.js';
import { onFinished } from '../http/on-finished.js';
import type { RawResponse } from '../http/raw-http.js';

/** How many paths a log line names. */
const MAX_PATHS = 5;

/** Reports, once per session, that its data was changed after the cookie had left: nothing can throw at that line. */
export class LateChanges {
  readonly #dataOf: () => TrackedData | undefined;
  readonly #onLost: (message: string) => void;
  #isWatching = false;
  #hasReported = false;

  /** @param onLost must not throw */
  constructor(dataOf: () => TrackedData | undefined, onLost: (message: string) => void) {
    this.#dataOf = dataOf;
    this.#onLost = onLost;
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
      this.#onLost(lostChanges(data.lostPaths(MAX_PATHS + 1)));
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
