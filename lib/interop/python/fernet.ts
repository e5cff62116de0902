import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { CLOCK_SKEW } from '../../codec/lifetime.js';
import { rejected, type Rejected } from '../../codec/session-codec.js';
import { decodePaddedBase64url, encodePaddedBase64url } from '../../crypto/base64.js';
import { hmac, isHmac } from '../../crypto/hmac.js';

/** Version ‖ Timestamp ‖ IV ‖ Ciphertext ‖ HMAC, in bytes: https://github.com/fernet/spec/blob/master/Spec.md. */
const VERSION = 0x80;
const IV_START = 9;
const CIPHERTEXT_START = 25;
const BLOCK_LENGTH = 16;
const HMAC_LENGTH = 32;

/** The current time, and how old a token may be. */
export interface FernetTimes {
  /** Current time: a NumericDate in whole seconds. */
  readonly now: number;
  /** Maximum age of a token in seconds. @default none */
  readonly ttl?: number | undefined;
}

/** The content of a verified Fernet token. */
export interface FernetMessage {
  readonly ok: true;
  /** The plaintext. */
  readonly message: Buffer;
  /** Time of issue: a NumericDate in seconds. */
  readonly issuedAt: number;
}

/** Fernet tokens: AES-128-CBC, then HMAC-SHA256 over all of it. */
export class Fernet {
  readonly #signingKey: KeyObject;
  readonly #encryptionKey: KeyObject;

  /** @param key 32 bytes: the signing key, then the encryption key. */
  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new RangeError('A Fernet key has 32 bytes.');
    this.#signingKey = createSecretKey(key.subarray(0, 16));
    this.#encryptionKey = createSecretKey(key.subarray(16));
  }

  /**
   * Encrypts and signs a message.
   *
   * @param now time of issue: a NumericDate in whole seconds
   * @param iv 16 bytes: random, except in tests with recorded tokens
   */
  seal(message: Uint8Array, now: number, iv: Uint8Array = randomBytes(BLOCK_LENGTH)): string {
    const head = Buffer.alloc(IV_START);
    head.writeUInt8(VERSION);
    head.writeBigUInt64BE(BigInt(now), 1);
    const cipher = createCipheriv('aes-128-cbc', this.#encryptionKey, iv);
    const body = Buffer.concat([head, iv, cipher.update(message), cipher.final()]);
    return encodePaddedBase64url(Buffer.concat([body, hmac(this.#signingKey, body)]));
  }

  /** Verifies and decrypts a token, in the order of the specification's section "Verifying"; never throws. */
  open(token: string, { now, ttl }: FernetTimes): FernetMessage | Rejected {
    const bytes = decodePaddedBase64url(token);
    if (bytes === undefined || bytes[0] !== VERSION) return rejected('malformed');
    if (bytes.length < CIPHERTEXT_START + HMAC_LENGTH) return rejected('malformed');

    const issuedAt = Number(bytes.readBigUInt64BE(1));
    if (ttl !== undefined && issuedAt + ttl < now) return rejected('expired');
    // The same value as `_MAX_CLOCK_SKEW` of Python's cryptography.
    if (issuedAt > now + CLOCK_SKEW) return rejected('future');

    const body = bytes.subarray(0, -HMAC_LENGTH);
    if (!isHmac(bytes.subarray(-HMAC_LENGTH), hmac(this.#signingKey, body))) return rejected('tampered');

    const iv = body.subarray(IV_START, CIPHERTEXT_START);
    const decipher = createDecipheriv('aes-128-cbc', this.#encryptionKey, iv);
    try {
      // Throws for incomplete blocks and bad padding (RFC 5652 §6.3). No padding oracle: the HMAC has been verified.
      const message = Buffer.concat([decipher.update(body.subarray(CIPHERTEXT_START)), decipher.final()]);
      return { ok: true, message, issuedAt };
    } catch {
      return rejected('malformed');
    }
  }
}
