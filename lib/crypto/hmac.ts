import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { decodeBase64url } from './base64.js';
import { useAndWipe } from './own-bytes.js';

/** The hash algorithms of the formats that are read. Ours is SHA-256. */
export type HmacHash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** HMAC (RFC 2104) as bytes. */
export function hmac(key: KeyObject, text: string | Uint8Array, hash: HmacHash = 'sha256'): Buffer {
  return createHmac(hash, key).update(text).digest();
}

/** HMAC as base64url without padding; 43 characters for SHA-256. */
export function sign(key: KeyObject, text: string, hash: HmacHash = 'sha256'): string {
  return createHmac(hash, key).update(text).digest('base64url');
}

/**
 * Whether `signature` is the HMAC of `text`, in canonical base64url. Compared in constant time; the expected HMAC is wiped
 * afterwards.
 */
export function isSignature(signature: string, key: KeyObject, text: string, hash: HmacHash = 'sha256'): boolean {
  const given = decodeBase64url(signature);
  return given !== undefined && isHmac(given, hmac(key, text, hash));
}

/** Compares in constant time, and wipes `expected`. The length of an HMAC is no secret. */
export function isHmac(given: Uint8Array, expected: Buffer): boolean {
  const isSame = given.length === expected.length && timingSafeEqual(given, expected);
  expected.fill(0);
  return isSame;
}

/** Moves key bytes out of JavaScript's memory: `bytes` is wiped. */
export function secretKeyOf(bytes: Uint8Array): KeyObject {
  return useAndWipe(bytes, (secret) => createSecretKey(secret));
}
