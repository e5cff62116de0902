import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { CLOCK_SKEW } from '../../codec/lifetime.js';
import { rejected, type Rejected } from '../../codec/session-codec.js';
import { decodePaddedBase64url, encodePaddedBase64url } from '../../crypto/base64.js';
import { hmac, isHmac } from '../../crypto/hmac.js';

/** https://github.com/fernet/spec/blob/master/Spec.md: Version ‖ Timestamp ‖ IV ‖ Ciphertext ‖ HMAC, in bytes. */
const VERSION = 0x80;
const IV_START = 9;
const CIPHERTEXT_START = 25;
const BLOCK_LENGTH = 16;
const HMAC_LENGTH = 32;

/** When a token is opened, and how old it may be. */
export interface FernetTimes {
  /** A NumericDate in whole seconds. */
  readonly now: number;
  /** The age in seconds up to which a token is taken. @default any */
  readonly ttl?: number | undefined;
}

/** A Fernet token opened. */
export interface FernetMessage {
  readonly ok: true;
  readonly message: Buffer;
  /** When it was made; a NumericDate. */
  readonly issuedAt: number;
}

/** Tokens by the Fernet specification: AES-128-CBC, then HMAC-SHA256 over all of it. */
export class Fernet {
  readonly #signingKey: KeyObject;
  readonly #encryptionKey: KeyObject;

  /** @param key 32 bytes: the signing key, then the encryption key. */
  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new RangeError('A Fernet key has 32 bytes.');
    this.#signingKey = createSecretKey(key.subarray(0, 16));
    this.#encryptionKey = createSecretKey(key.subarray(16));
  }

  /** @param iv random unless a test says otherwise */
  seal(message: Uint8Array, now: number, iv: Uint8Array = randomBytes(BLOCK_LENGTH)): string {
    const head = Buffer.alloc(IV_START);
    head.writeUInt8(VERSION);
    head.writeBigUInt64BE(BigInt(now), 1);
    const cipher = createCipheriv('aes-128-cbc', this.#encryptionKey, iv);
    const body = Buffer.concat([head, iv, cipher.update(message), cipher.final()]);
    return encodePaddedBase64url(Buffer.concat([body, hmac(this.#signingKey, body)]));
  }

  /** Opens a token that may come from anybody, in the order of the specification's section "Verifying". */
  open(token: string, { now, ttl }: FernetTimes): FernetMessage | Rejected {
    const bytes = decodePaddedBase64url(token);
    if (bytes === undefined || bytes[0] !== VERSION) return rejected('malformed');
    if (bytes.length < CIPHERTEXT_START + HMAC_LENGTH) return rejected('malformed');

    const issuedAt = Number(bytes.readBigUInt64BE(1));
    if (ttl !== undefined && issuedAt + ttl < now) return rejected('expired');
    // cryptography's `_MAX_CLOCK_SKEW` is the same.
    if (issuedAt > now + CLOCK_SKEW) return rejected('future');

    const body = bytes.subarray(0, -HMAC_LENGTH);
    if (!isHmac(bytes.subarray(-HMAC_LENGTH), hmac(this.#signingKey, body))) return rejected('tampered');

    const iv = body.subarray(IV_START, CIPHERTEXT_START);
    const decipher = createDecipheriv('aes-128-cbc', this.#encryptionKey, iv);
    try {
      // Throws for incomplete blocks and for bad padding (RFC 5652 §6.3). Only who holds the key gets here: no oracle.
      const message = Buffer.concat([decipher.update(body.subarray(CIPHERTEXT_START)), decipher.final()]);
      return { ok: true, message, issuedAt };
    } catch {
      return rejected('malformed');
    }
  }
}
