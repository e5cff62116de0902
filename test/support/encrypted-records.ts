import { createDecipheriv } from 'node:crypto';
import { deriveKey, recordContentKey } from './keys.js';
import { SECRET } from './secrets.js';

/** Whether a store has a text encrypted: JWE, and no JSON. */
export function isEncrypted(text: string): boolean {
  return /^eyJ[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/.test(text);
}

/** Opens what a store has of a session by nothing but the format; throws where secret or name are wrong. */
export function decryptRecord(text: string, name: string, { secret = SECRET, cookieName = 'session' } = {}): string {
  const { key, kid } = deriveKey(secret, 'A256GCM', cookieName);
  const [header = '', , nonce, ciphertext, tag] = text.split('.');
  const protectedHeader = Buffer.from(header, 'base64url').toString();
  if (protectedHeader !== `{"alg":"dir","enc":"A256GCM","kid":"${kid}"}`) throw new Error('Another header.');
  const decipher = createDecipheriv('aes-256-gcm', recordContentKey(key, name), bytesOf(nonce));
  decipher.setAAD(Buffer.from(header));
  decipher.setAuthTag(bytesOf(tag));
  return decipher.update(bytesOf(ciphertext), undefined, 'utf8') + decipher.final('utf8');
}

function bytesOf(part = ''): Buffer {
  return Buffer.from(part, 'base64url');
}
