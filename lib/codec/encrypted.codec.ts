import { decodeBase64url, encodeText } from '../crypto/base64.js';
import {
  decryptCompactJwe,
  encryptCompactJwe,
  NONCE_LENGTH,
  splitCompactJwe,
  TAG_LENGTH,
} from '../crypto/compact-jwe.js';
import { hmac } from '../crypto/hmac.js';
import type { KeyRing, RingKey } from '../crypto/key-ring.js';
import { claimsLength, isSessionId, parseClaims, serializeClaims } from './claims.js';
import { rejected, type SessionClaims, type SessionCodec, type Unsealed } from './session-codec.js';

/**
 * The length of the part of the header segment that names the key: 45 bytes in 60 characters. It ends on a group of
 * base64 by luck, and so it can be looked up in a `Map` without decoding anything.
 */
const KEY_SEGMENT_LENGTH = 60;

/**
 * Sessions that only the server can read and write: JWE compact serialization (RFC 7516 §7.1), `dir` with `A256GCM`.
 *
 * Each session has its own content key, derived from the ring's key and the session's id. The 2^32 messages that random
 * nonces allow for one key (NIST SP 800-38D §8.3) thereby count per session, not per secret.
 */
export class EncryptedCodec implements SessionCodec {
  readonly #newest: RingKey;
  readonly #keys: ReadonlyMap<string, RingKey>;

  constructor(ring: KeyRing) {
    this.#newest = ring.newest;
    this.#keys = ring.index(keySegment);
  }

  seal(claims: SessionClaims, data: string): string {
    const header = keySegment(this.#newest) + encodeText(`${claims.jti}"}`);
    return encryptCompactJwe(header, contentKey(this.#newest, claims.jti), serializeClaims(claims, data));
  }

  tokenLength(claims: SessionClaims, data: string): number {
    const header = KEY_SEGMENT_LENGTH + base64Length(`${claims.jti}"}`.length);
    const parts = [NONCE_LENGTH, claimsLength(claims, data), TAG_LENGTH].map(base64Length);
    return header + '..'.length + parts.reduce((sum, length) => sum + length) + '..'.length;
  }

  unseal(token: string): Unsealed {
    const jwe = splitCompactJwe(token);
    if (jwe === undefined) return rejected('malformed');
    const key = this.#keys.get(jwe.header.slice(0, KEY_SEGMENT_LENGTH));
    if (key === undefined) return rejected('unknown-key');
    const id = idOf(jwe.header);
    if (id === undefined) return rejected('malformed');
    const decrypted = decryptCompactJwe(jwe, contentKey(key, id));
    if (!decrypted.ok) return rejected(decrypted.reason);
    const opened = parseClaims(decrypted.text, key.stale);
    return opened.ok && opened.claims.jti !== id ? rejected('malformed') : opened;
  }
}

/** The start of the header segment of every token of a key. */
function keySegment({ kid }: RingKey): string {
  return encodeText(`{"alg":"dir","enc":"A256GCM","kid":"${kid}.`);
}

/** The session's id at the end of a header segment; checks its canonical spelling. */
function idOf(header: string): string | undefined {
  const end = decodeBase64url(header.slice(KEY_SEGMENT_LENGTH))?.toString('latin1');
  if (end === undefined || !end.endsWith('"}')) return undefined;
  const id = end.slice(0, -2);
  return isSessionId(id) ? id : undefined;
}

/**
 * HKDF-Expand (RFC 5869 §2.3) of the ring's key to 32 bytes, which is one block:
 * HMAC-SHA256(key, "nestjs-sessions/v1/content/" id 0x01).
 */
function contentKey({ key }: RingKey, id: string): Buffer {
  return hmac(key, `nestjs-sessions/v1/content/${id}\u0001`);
}

/** The characters of so many bytes in base64url without padding. */
function base64Length(bytes: number): number {
  return Math.ceil((bytes * 4) / 3);
}
