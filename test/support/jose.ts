import { CompactEncrypt, compactDecrypt, CompactSign } from 'jose';
import { contentKey, deriveKey } from './keys.js';

/** A JWS by `jose` over any bytes, with any header. */
export function signByJose(
  payload: string | Uint8Array,
  secret: string,
  header: { kid?: string } = {},
): Promise<string> {
  const { key, kid } = deriveKey(secret, 'HS256');
  return new CompactSign(bytesOf(payload)).setProtectedHeader({ alg: 'HS256', kid, ...header }).sign(key);
}

/** A JWE by `jose` over any bytes, with any header, for the session `id`. */
export function encryptByJose(
  payload: string | Uint8Array,
  secret: string,
  id: string,
  { cookieName, ...header }: { kid?: string; cookieName?: string } = {},
): Promise<string> {
  const { key, kid } = deriveKey(secret, 'A256GCM', cookieName);
  return new CompactEncrypt(bytesOf(payload))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: `${kid}.${id}`, ...header })
    .encrypt(contentKey(key, id));
}

/** What `jose` reads in one of our JWEs, by nothing but the ring's key; throws what `jose` throws. */
export async function decryptByJose(token: string, key: Uint8Array): Promise<{ payload: string; header: object }> {
  const { plaintext, protectedHeader } = await compactDecrypt(token, contentKey(key, idInHeader(token)), {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  return { payload: Buffer.from(plaintext).toString('utf8'), header: protectedHeader };
}

/** The text of a token's protected header. */
export function headerText(token: string): string {
  return Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8');
}

/** The session's id in the header of an encrypted token, which is readable without a key. */
export function idInHeader(token: string): string {
  const { kid } = JSON.parse(headerText(token)) as { kid: string };
  return kid.slice(kid.indexOf('.') + 1);
}

function bytesOf(payload: string | Uint8Array): Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload, 'utf8') : payload;
}
