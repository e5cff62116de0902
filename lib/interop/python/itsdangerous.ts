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

/** When a value is opened, and how old it may be. */
export interface SignedTimes {
  /** A NumericDate in whole seconds. */
  readonly now: number;
  /** The age in seconds up to which a value is taken. */
  readonly maxAge: number;
}

/** What was signed. */
export interface Signed {
  readonly ok: true;
  readonly payload: string;
  /** When it was signed; a NumericDate. */
  readonly issuedAt: number;
}

/** `TimestampSigner` of itsdangerous/timed.py: payload "." time "." HMAC-SHA1 of both. */
export class TimestampSigner {
  readonly #key: KeyObject;

  constructor(key: KeyObject) {
    this.#key = key;
  }

  sign(payload: string, now: number): string {
    const value = `${payload}.${encodeBase64url(bytesOf(now))}`;
    return `${value}.${sign(this.#key, value, 'sha1')}`;
  }

  /** Opens a value that may come from anybody. */
  unsign(value: string, { now, maxAge }: SignedTimes): Signed | Rejected {
    const signatureStart = value.lastIndexOf('.');
    const timeStart = value.lastIndexOf('.', signatureStart - 1);
    // 0 too: there would be no payload. `lastIndexOf` takes a negative start for 0.
    if (signatureStart < 1 || timeStart < 1 || timeStart === signatureStart) return rejected('malformed');
    const signed = value.slice(0, signatureStart);
    if (!isSignature(value.slice(signatureStart + 1), this.#key, signed, 'sha1')) return rejected('tampered');

    const time = decodeBase64url(value.slice(timeStart + 1, signatureStart));
    // 6 bytes reach beyond where `Date` ends, and no double is exact beyond 53 bits.
    if (time === undefined || time.length === 0 || time.length > 6) return rejected('malformed');
    const issuedAt = time.readUIntBE(0, time.length);
    if (now - issuedAt > maxAge) return rejected('expired');
    // itsdangerous itself allows none.
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
