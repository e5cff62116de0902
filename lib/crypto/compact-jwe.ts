import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { decodeBase64url, encodeBase64url } from './base64.js';

/** AES-256-GCM with a 96-bit nonce and a 128-bit tag (RFC 7518 §5.3), in bytes. */
const CIPHER = 'aes-256-gcm';
export const NONCE_LENGTH = 12;
export const TAG_LENGTH = 16;

/** The segments of a JWE with direct encryption (RFC 7516 §7.1), undecoded. */
export interface CompactJwe {
  readonly header: string;
  readonly nonce: string;
  readonly ciphertext: string;
  readonly tag: string;
}

/** The segments; `undefined` for a text of another shape. */
export function splitCompactJwe(token: string): CompactJwe | undefined {
  const segments = token.split('.', 6);
  if (!isDirect(segments)) return undefined;
  const [header, , nonce, ciphertext, tag] = segments;
  return { header, nonce, ciphertext, tag };
}

/** BASE64URL(header) "." "." BASE64URL(nonce) "." BASE64URL(ciphertext) "." BASE64URL(tag): no encrypted key (RFC 7518 §4.5). */
function isDirect(segments: readonly string[]): segments is readonly [string, '', string, string, string] {
  return segments.length === 5 && segments[1] === '';
}

/**
 * Encrypts a text: JWE compact serialization (RFC 7516 §7.1), `dir` with `A256GCM`.
 *
 * @param header its segment, in base64url
 * @param key 32 bytes, wiped afterwards
 */
export function encryptCompactJwe(header: string, key: Buffer, text: string): string {
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_LENGTH });
  key.fill(0);
  cipher.setAAD(Buffer.from(header, 'latin1'));
  // GCM is a stream: all of the text is there before final().
  const ciphertext = cipher.update(text, 'utf8');
  cipher.final();
  const parts = [nonce, ciphertext, cipher.getAuthTag()].map(encodeBase64url);
  return `${header}..${parts.join('.')}`;
}

/** What was encrypted, or why it cannot be said. */
export type Decrypted =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: 'malformed' | 'tampered' };

/**
 * The inverse of {@link encryptCompactJwe}. Nonce, ciphertext and tag must have their one canonical spelling.
 *
 * @param key 32 bytes, wiped afterwards
 */
export function decryptCompactJwe(jwe: CompactJwe, key: Buffer): Decrypted {
  const [nonce, ciphertext, tag] = [jwe.nonce, jwe.ciphertext, jwe.tag].map(decodeBase64url);
  if (ciphertext === undefined || nonce?.length !== NONCE_LENGTH || tag?.length !== TAG_LENGTH) {
    key.fill(0);
    return { ok: false, reason: 'malformed' };
  }
  // Node 20 accepts tags of 4 bytes unless it is told the length.
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_LENGTH });
  key.fill(0);
  decipher.setAAD(Buffer.from(jwe.header, 'latin1'));
  decipher.setAuthTag(tag);
  try {
    const bytes = decipher.update(ciphertext);
    decipher.final();
    const text = bytes.toString('utf8');
    bytes.fill(0);
    return { ok: true, text };
  } catch {
    return { ok: false, reason: 'tampered' };
  }
}
