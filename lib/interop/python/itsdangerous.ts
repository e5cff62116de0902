import { createHash, createHmac, type KeyObject } from 'node:crypto';
import { decodeBase64url, encodeBase64url } from '../../crypto/base64.js';
import { CLOCK_SKEW } from '../../codec/lifetime.js';
import { rejected, type Rejected } from '../../codec/session-codec.js';
import { isSignature, secretKeyOf, sign } from '../../crypto/hmac.js';

/** `derive_key` of itsdangerous/signer.py, with its default digest SHA-1. */
export function deriveKey(secret: Uint8Array, salt: string, derivation: 'django-concat' | 'hmac'): KeyObject {
  if (derivation === 'hmac') return secretKeyOf(createHmac('sha1', secret).update(salt).digest());
  return secretKeyOf(createHash('sha1').update(`${salt}signer`).update(secret).digest());
}

/** The current time, and how old a value may be. */
export interface SignedTimes {
  /** Current time: a NumericDate in whole seconds. */
  readonly now: number;
  /** Maximum age of a value in seconds. */
  readonly maxAge: number;
}

/** The content of a verified value. */
export interface Signed {
  readonly ok: true;
  /** The signed text, without time and signature. */
  readonly payload: string;
  /** Time of signing: a NumericDate in seconds. */
  readonly issuedAt: number;
}

/** `TimestampSigner` of itsdangerous/timed.py: payload "." time "." HMAC-SHA1 of both. */
export class TimestampSigner {
  readonly #key: KeyObject;

  constructor(key: KeyObject) {
    this.#key = key;
  }

  /** Appends time and signature. @param now a NumericDate in whole seconds */
  sign(payload: string, now: number): string {
    const value = `${payload}.${encodeBase64url(bytesOf(now))}`;
    return `${value}.${sign(this.#key, value, 'sha1')}`;
  }

  /** Verifies signature and time; never throws. */
  unsign(value: string, { now, maxAge }: SignedTimes): Signed | Rejected {
    const signatureStart = value.lastIndexOf('.');
    const timeStart = value.lastIndexOf('.', signatureStart - 1);
    // A dot at 0 leaves no payload. `lastIndexOf` treats a negative start as 0.
    if (signatureStart < 1 || timeStart < 1 || timeStart === signatureStart) return rejected('malformed');
    const signed = value.slice(0, signatureStart);
    if (!isSignature(value.slice(signatureStart + 1), this.#key, signed, 'sha1')) return rejected('tampered');

    const time = decodeBase64url(value.slice(timeStart + 1, signatureStart));
    // `readUIntBE` takes at most 6 bytes, and 6 bytes of seconds already exceed the range of `Date`.
    if (time === undefined || time.length === 0 || time.length > 6) return rejected('malformed');
    const issuedAt = time.readUIntBE(0, time.length);
    if (now - issuedAt > maxAge) return rejected('expired');
    // itsdangerous itself allows no clock skew.
    if (issuedAt > now + CLOCK_SKEW) return rejected('future');
    return { ok: true, payload: value.slice(0, timeStart), issuedAt };
  }
}

/** `int_to_bytes` of itsdangerous/encoding.py: big-endian without leading zeros. */
function bytesOf(time: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(time, 0, 6);
  const start = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(start === -1 ? bytes.length : start);
}
