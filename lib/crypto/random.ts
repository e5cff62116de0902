import { randomFillSync } from 'node:crypto';

/** Random bytes made in advance: asking the system costs as much for some thousand as for one. */
const pool = Buffer.alloc(4096);
let used = pool.length;

/**
 * Cryptographically random bytes, none of which is ever given out twice.
 *
 * @param count at most 4096
 */
export function randomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + count));
  pool.fill(0, used, used + count);
  used += count;
  return bytes;
}
