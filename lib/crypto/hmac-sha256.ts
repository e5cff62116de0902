import { createHash, hash } from 'node:crypto';
import { MAX_BYTES_PER_UNIT } from './base64.js';

/** Bytes of a block of SHA-256 (FIPS 180-4 §1). */
const BLOCK = 64;
/** Bytes of a digest. */
const DIGEST = 32;
/** Bytes of text that there is room for: a cookie's, where each character takes as many as it can. */
const ROOM = 4096 * MAX_BYTES_PER_UNIT;

/**
 * HMAC-SHA256 (RFC 2104) under one key: `H(K ⊕ opad ‖ H(K ⊕ ipad ‖ text))`.
 *
 * Two calls of the one-shot `hash` cost half of what `createHmac` does, which makes an object for the garbage collector
 * each time, and this is the dearest step of reading a session. Both padded keys stand ready before the room for what is
 * hashed; nothing here is asynchronous, so no two texts ever need the room at once. A text for which it may be too
 * small is hashed piece by piece: that needs no copy of it, nor of the key.
 */
export class HmacSha256 {
  readonly #inner: Buffer;
  readonly #outer: Buffer;

  /** @param key at most a block, 64 bytes; ours are 32 */
  constructor(key: Uint8Array) {
    if (key.length > BLOCK) throw new RangeError('The key is longer than a block.');
    this.#inner = padded(key, 0x36, ROOM);
    this.#outer = padded(key, 0x5c, DIGEST);
  }

  /** @returns 43 characters of base64url */
  sign(text: string): string {
    return hash('sha256', this.#outerBlocks(text), 'base64url');
  }

  /** @returns 32 bytes */
  digest(text: string): Buffer {
    return hash('sha256', this.#outerBlocks(text), 'buffer');
  }

  #outerBlocks(text: string): Buffer {
    this.#outer.write(this.#innerDigest(text), BLOCK, 'binary');
    return this.#outer;
  }

  #innerDigest(text: string): string {
    if (text.length * MAX_BYTES_PER_UNIT > ROOM) {
      return createHash('sha256').update(this.#inner.subarray(0, BLOCK)).update(text, 'utf8').digest('binary');
    }
    const length = BLOCK + this.#inner.write(text, BLOCK, 'utf8');
    return hash('sha256', this.#inner.subarray(0, length), 'binary');
  }
}

/**
 * The padded key, with room behind it. By `alloc`, as most other ways of making a Buffer take a part of memory that all
 * small Buffers share and whoever has one of them can read.
 */
function padded(key: Uint8Array, pad: number, room: number): Buffer {
  const block = Buffer.alloc(BLOCK + room);
  for (let at = 0; at < BLOCK; at++) block[at] = (key[at] ?? 0) ^ pad;
  return block;
}
