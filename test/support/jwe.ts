import { CompactEncrypt, compactDecrypt } from 'jose';
import { createHmac, hkdfSync } from 'node:crypto';
import { SECRET } from './app.js';
import type { Client } from './client.js';
import { type Claims, type Forgery, ID, now } from './tokens.js';

/** The key that a secret gives for one algorithm and one cookie name. */
export function ringKey(algorithm: string, secret = SECRET, cookieName = 'session'): Buffer {
  return derive(secret, `nestjs-sessions/v1/${algorithm}/${cookieName}`);
}

/** The key of one session by the letter of the contract: HKDF-Expand of the ring's key, the id in `info`. */
export function contentKey(id: string, { secret = SECRET, cookieName = 'session' }: Forgery = {}): Buffer {
  return createHmac('sha256', ringKey('A256GCM', secret, cookieName))
    .update(`nestjs-sessions/v1/content/${id}\u0001`)
    .digest();
}

/** The text of the protected header of a session's token. */
export function jweHeader(id: string, { secret = SECRET, cookieName = 'session' }: Forgery = {}): string {
  const kid = derive(secret, `nestjs-sessions/v1/kid/A256GCM/${cookieName}`).toString('base64url').slice(0, 8);
  return JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid: `${kid}.${id}` });
}

/** Makes an encrypted token by `jose`, which has never seen the package. */
export function encrypt(data: Claims['data'], forgery: Forgery = {}): Promise<string> {
  const iat = now();
  const claims = { jti: ID, iat, exp: iat + 1209600, data, ...forgery.claims };
  return new CompactEncrypt(Buffer.from(forgery.payload ?? JSON.stringify(claims)))
    .setProtectedHeader(JSON.parse(jweHeader(claims.jti, forgery)))
    .encrypt(contentKey(claims.jti, forgery));
}

/** Opens an encrypted token by `jose`; throws what `jose` throws. */
export async function decrypt(token: string, forgery: Forgery = {}): Promise<Claims> {
  const id = idInHeader(token);
  const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
  const { plaintext } = await compactDecrypt(token, contentKey(id, forgery), options);
  return JSON.parse(Buffer.from(plaintext).toString('utf8')) as Claims;
}

/** Gives a client a valid encrypted session. */
export async function signInEncrypted(client: Client, data: Claims['data'], forgery: Forgery = {}): Promise<string> {
  const token = await encrypt(data, forgery);
  await client.setCookie(forgery.cookieName ?? 'session', token);
  return token;
}

/** The text of a token's protected header. */
export function headerText(token: string): string {
  return Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8');
}

/** The session's id as everybody may read it. */
export function idInHeader(token: string): string {
  const { kid } = JSON.parse(headerText(token)) as { kid: string };
  return kid.slice('12345678.'.length);
}

function derive(secret: string, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', info, 32));
}
