import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { decodeBase64url, encodeBase64url, encodeText } from '../crypto/base64.js';
import { hmac } from '../crypto/hmac.js';
import type { KeyRing, RingKey } from '../crypto/key-ring.js';
import { claimsLength, isSessionId, parseClaims, serializeClaims } from './claims.js';
import { rejected, type SessionClaims, type SessionCodec, type Unsealed } from './session-codec.js';

/** AES-256-GCM with a 96-bit nonce and a 128-bit tag (RFC 7518 §5.3), in bytes. */
const CIPHER = 'aes-256-gcm';
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

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
    const nonce = randomBytes(NONCE_LENGTH);
    const key = contentKey(this.#newest, claims.jti);
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_LENGTH });
    key.fill(0);
    cipher.setAAD(Buffer.from(header, 'latin1'));
    // GCM is a stream: all of the text is there before final().
    const ciphertext = cipher.update(serializeClaims(claims, data), 'utf8');
    cipher.final();
    const parts = [nonce, ciphertext, cipher.getAuthTag()].map(encodeBase64url);
    return `${header}..${parts.join('.')}`;
  }

  tokenLength(claims: SessionClaims, data: string): number {
    const header = KEY_SEGMENT_LENGTH + base64Length(`${claims.jti}"}`.length);
    const parts = [NONCE_LENGTH, claimsLength(claims, data), TAG_LENGTH].map(base64Length);
    return header + '..'.length + parts.reduce((sum, length) => sum + length) + '..'.length;
  }

  unseal(token: string): Unsealed {
    const segments = token.split('.', 6);
    if (!isCompactJwe(segments)) return rejected('malformed');
    const [header, encryptedKey, nonceText, ciphertextText, tagText] = segments;
    // Direct encryption has no encrypted key (RFC 7518 §4.5).
    if (encryptedKey !== '') return rejected('malformed');

    const key = this.#keys.get(header.slice(0, KEY_SEGMENT_LENGTH));
    if (key === undefined) return rejected('unknown-key');

    const id = idOf(header);
    const nonce = decodeBase64url(nonceText);
    const ciphertext = decodeBase64url(ciphertextText);
    const tag = decodeBase64url(tagText);
    if (id === undefined || ciphertext === undefined) return rejected('malformed');
    if (nonce?.length !== NONCE_LENGTH || tag?.length !== TAG_LENGTH) return rejected('malformed');

    // Node 20 accepts tags of 4 bytes unless it is told the length.
    const content = contentKey(key, id);
    const decipher = createDecipheriv(CIPHER, content, nonce, { authTagLength: TAG_LENGTH });
    content.fill(0);
    decipher.setAAD(Buffer.from(header, 'latin1'));
    decipher.setAuthTag(tag);
    let payload: string;
    try {
      const bytes = decipher.update(ciphertext);
      decipher.final();
      payload = bytes.toString('utf8');
      bytes.fill(0);
    } catch {
      return rejected('tampered');
    }
    const opened = parseClaims(payload, key.stale);
    return opened.ok && opened.claims.jti !== id ? rejected('malformed') : opened;
  }
}

/** BASE64URL(header) "." BASE64URL(encrypted key) "." BASE64URL(nonce) "." BASE64URL(ciphertext) "." BASE64URL(tag) */
function isCompactJwe(segments: readonly string[]): segments is readonly [string, string, string, string, string] {
  return segments.length === 5;
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
