import { CompactEncrypt, compactDecrypt, CompactSign, compactVerify } from 'jose';
import { createHmac, hkdfSync } from 'node:crypto';
import { EncryptedCodec } from '../../../lib/codec/encrypted.codec.js';
import { KeyRing, type Secrets } from '../../../lib/crypto/key-ring.js';
import { SignedCodec } from '../../../lib/codec/signed.codec.js';
import type { CodecFixture } from './codec-contract.js';

/** A key as the format describes it, derived here once more, independently of lib/. */
export function deriveKey(secret: string, algorithm: string, cookieName: string): { key: Uint8Array; kid: string } {
  const derive = (info: string) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'utf8'), Buffer.alloc(0), info, 32));
  const key = derive(`nestjs-sessions/v1/${algorithm}/${cookieName}`);
  const kid = derive(`nestjs-sessions/v1/kid/${algorithm}/${cookieName}`).toString('base64url').slice(0, 8);
  return { key, kid };
}

/** The key of one session: HKDF-Expand by its definition, T(1) = HMAC(key, "" | info | 0x01) (RFC 5869 §2.3). */
export function contentKeyOf(key: Uint8Array, jti: string): Uint8Array {
  const info = Buffer.from(`nestjs-sessions/v1/content/${jti}`, 'utf8');
  return createHmac('sha256', key)
    .update(Buffer.concat([info, Buffer.of(1)]))
    .digest();
}

/** A JWS by `jose` over any bytes, with any header. */
export function signByJose(
  payload: string | Uint8Array,
  secret: string,
  header: { kid?: string } = {},
): Promise<string> {
  const { key, kid } = deriveKey(secret, 'HS256', 'session');
  return new CompactSign(bytesOf(payload)).setProtectedHeader({ alg: 'HS256', kid, ...header }).sign(key);
}

/** A JWE by `jose` over any bytes, with any header, for the session `jti`. */
export function encryptByJose(
  payload: string | Uint8Array,
  secret: string,
  jti: string,
  header: { kid?: string } = {},
): Promise<string> {
  const { key, kid } = deriveKey(secret, 'A256GCM', 'session');
  return new CompactEncrypt(bytesOf(payload))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: `${kid}.${jti}`, ...header })
    .encrypt(contentKeyOf(key, jti));
}

/** What `jose` reads in one of our JWEs, by nothing but the ring's key. */
export async function decryptByJose(token: string, key: Uint8Array): Promise<{ payload: string; header: object }> {
  const headerText = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('utf8');
  const { kid } = JSON.parse(headerText) as { kid: string };
  const contentKey = contentKeyOf(key, kid.slice(kid.indexOf('.') + 1));
  const { plaintext, protectedHeader } = await compactDecrypt(token, contentKey, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  return { payload: Buffer.from(plaintext).toString('utf8'), header: protectedHeader };
}

export const signed: CodecFixture = {
  segments: 3,
  misspelt: 'tampered',
  create(secrets, cookieName = 'session') {
    return new SignedCodec(new KeyRing(secretBytes(secrets), 'HS256', cookieName));
  },
  forge: (payload, secret) => signByJose(payload, secret),
  async judge(token, secret) {
    const { key, kid } = deriveKey(secret, 'HS256', 'session');
    const { payload, protectedHeader } = await compactVerify(token, key, { algorithms: ['HS256'] });
    if (protectedHeader.kid !== kid) throw new Error('The token names another key.');
    return Buffer.from(payload).toString('utf8');
  },
};

export const encrypted: CodecFixture = {
  segments: 5,
  misspelt: 'malformed',
  create(secrets, cookieName = 'session') {
    return new EncryptedCodec(new KeyRing(secretBytes(secrets), 'A256GCM', cookieName));
  },
  forge: (payload, secret) => encryptByJose(payload, secret, idIn(payload)),
  async judge(token, secret) {
    const { key, kid } = deriveKey(secret, 'A256GCM', 'session');
    const { payload, header } = await decryptByJose(token, key);
    const expected = { alg: 'dir', enc: 'A256GCM', kid: `${kid}.${idIn(payload)}` };
    if (JSON.stringify(header) !== JSON.stringify(expected)) throw new Error('The header is another one.');
    return payload;
  },
};

function bytesOf(payload: string | Uint8Array): Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload, 'utf8') : payload;
}

function secretBytes([newest, ...older]: readonly [string, ...string[]]): Secrets {
  return [Buffer.from(newest), ...older.map((secret) => Buffer.from(secret))];
}

/** The id in a payload; any other one where the payload has none that can stand in a header. */
function idIn(payload: string): string {
  let jti: unknown;
  try {
    ({ jti } = JSON.parse(payload) as { jti?: unknown });
  } catch {
    // No JSON.
  }
  return typeof jti === 'string' && /^[\w-]{1,64}$/.test(jti) ? jti : 'id';
}
