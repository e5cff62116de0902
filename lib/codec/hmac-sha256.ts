import { hash } from 'node:crypto';

/** Bytes of a block of SHA-256 (FIPS 180-4 §1). */
const BLOCK = 64;
/** Bytes of text that there is room for at first: a cookie's. */
const USUAL_TEXT = 4096;
/** A character takes at most three bytes of UTF-8 for each unit of a string's length. */
const MAX_BYTES_PER_UNIT = 3;

/**
 * HMAC-SHA256 (RFC 2104) under one key: `H(K ⊕ opad ‖ H(K ⊕ ipad ‖ text))`.
 *
 * Two calls of the one-shot `hash` cost half of what `createHmac` does, which makes an object for the garbage collector
 * each time, and this is the dearest step of reading a session. Both padded keys stand ready before the room for what is
 * hashed; nothing here is asynchronous, so no two texts ever need the room at once.
 */
export class HmacSha256 {
  #inner: Buffer;
  readonly #outer: Buffer;

  /** @param key at most a block, 64 bytes; ours are 32 */
  constructor(key: Uint8Array) {
    if (key.length > BLOCK) throw new RangeError('The key is longer than a block.');
    this.#inner = Buffer.concat([padded(key, 0x36), Buffer.alloc(USUAL_TEXT)]);
    this.#outer = Buffer.concat([padded(key, 0x5c), Buffer.alloc(32)]);
  }

  /** @returns 43 characters of base64url */
  sign(text: string): string {
    return hash('sha256', this.#outerBlocks(text), 'base64url');
  }

  /** @returns 32 bytes */
  digest(text: string): Buffer {
    return Buffer.from(hash('sha256', this.#outerBlocks(text), 'binary'), 'binary');
  }

  #outerBlocks(text: string): Buffer {
    const most = BLOCK + text.length * MAX_BYTES_PER_UNIT;
    if (most > this.#inner.length) this.#inner = Buffer.concat([this.#inner.subarray(0, BLOCK)], most);
    const length = BLOCK + this.#inner.write(text, BLOCK, 'utf8');
    this.#outer.write(hash('sha256', this.#inner.subarray(0, length), 'binary'), BLOCK, 'binary');
    return this.#outer;
  }
}

function padded(key: Uint8Array, pad: number): Buffer {
  return Buffer.from(Array.from({ length: BLOCK }, (_, index) => (key[index] ?? 0) ^ pad));
}
