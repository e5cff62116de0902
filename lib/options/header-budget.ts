import { maxHeaderSize } from 'node:http';
import type { CookieLimits } from '../cookie/session-cookie.js';
import { MAX_COOKIE_SIZE } from '../cookie/set-cookie.js';

/** Bytes reserved for a request's other headers, of those that Node reads. */
const OTHER_HEADERS_SIZE = 4096;

/** The limits of one session, which depend on the other sessions of its application once they are known. */
export class SharedLimits implements CookieLimits {
  readonly count: number;
  #size: number;

  /** @param count the maximum number of cookies */
  constructor(count: number) {
    this.count = count;
    this.#size = Math.min(this.wanted, readableSize(maxHeaderSize));
  }

  get size(): number {
    return this.#size;
  }

  /** What browsers keep. */
  get wanted(): number {
    return this.count * MAX_COOKIE_SIZE;
  }

  /** @internal */
  limitTo(size: number): void {
    this.#size = size;
  }
}

/**
 * Divides among sessions what a server reads of a request's headers: the cookies of all of them return in one request, and
 * above the limit Node answers 431 until they have expired. Smaller sessions first get what they want, larger ones share
 * the rest.
 *
 * @param headerSize what the server reads, in bytes
 */
export function shareHeaders(sessions: readonly SharedLimits[], headerSize: number = maxHeaderSize): void {
  let left = readableSize(headerSize);
  let count = sessions.length;
  for (const limits of sessions.toSorted((a, b) => a.wanted - b.wanted)) {
    const size = Math.min(limits.wanted, Math.floor(left / count));
    limits.limitTo(size);
    left -= size;
    count--;
  }
}

function readableSize(headerSize: number): number {
  return Math.max(headerSize - OTHER_HEADERS_SIZE, Math.floor(headerSize / 2));
}
