import { hash } from 'node:crypto';

/** Bytes of a block of SHA-256 (FIPS 180-4 §1). */
const BLOCK = 64;
/** Bytes of a digest. */
const DIGEST = 32;
/** Bytes of text that there is room for at any time: a cookie's. */
const USUAL_TEXT = 4096;
/** A character takes at most three bytes of UTF-8 for each unit of a string's length. */
const MAX_BYTES_PER_UNIT = 3;

/**
 * HMAC-SHA256 (RFC 2104) under one key: `H(K ⊕ opad ‖ H(K ⊕ ipad ‖ text))`.
 *
 * Two calls of the one-shot `hash` cost half of what `createHmac` does, which makes an object for the garbage collector
 * each time, and this is the dearest step of reading a session. Both padded keys stand ready before the room for what is
 * hashed; nothing here is asynchronous, so no two texts ever need the room at once. A text that needs more has room of its
 * own, which is not kept.
 */
export class HmacSha256 {
  readonly #inner: Buffer;
  readonly #outer: Buffer;

  /** @param key at most a block, 64 bytes; ours are 32 */
  constructor(key: Uint8Array) {
    if (key.length > BLOCK) throw new RangeError('The key is longer than a block.');
    this.#inner = padded(key, 0x36, USUAL_TEXT);
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
    const inner = this.#roomFor(text);
    const length = BLOCK + inner.write(text, BLOCK, 'utf8');
    this.#outer.write(hash('sha256', inner.subarray(0, length), 'binary'), BLOCK, 'binary');
    return this.#outer;
  }

  #roomFor(text: string): Buffer {
    const most = BLOCK + text.length * MAX_BYTES_PER_UNIT;
    if (most <= this.#inner.length) return this.#inner;
    const inner = Buffer.alloc(most);
    this.#inner.copy(inner, 0, 0, BLOCK);
    return inner;
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
