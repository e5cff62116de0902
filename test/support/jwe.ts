import { SECRET } from './app.js';
import type { Client } from './client.js';
import { decryptByJose, encryptByJose } from './jose.js';
import { deriveKey } from './keys.js';
import { claimsFromStore } from './suite-store.js';
import { type Claims, type Forgery, ID, payloadOf } from './tokens.js';

/** The text of the protected header of a session's token. */
export function jweHeader(id: string, { secret = SECRET, cookieName }: Forgery = {}): string {
  const { kid } = deriveKey(secret, 'A256GCM', cookieName);
  return JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid: `${kid}.${id}` });
}

/** Makes an encrypted token by `jose`, which has never seen the package. */
export function encrypt(data: Claims['data'], forgery: Forgery = {}): Promise<string> {
  const { secret = SECRET, cookieName = 'session' } = forgery;
  return encryptByJose(payloadOf(data, forgery), secret, forgery.claims?.jti ?? ID, { cookieName });
}

/** Opens an encrypted token by `jose`; throws what `jose` throws. */
export async function decrypt(token: string, { secret = SECRET, cookieName }: Forgery = {}): Promise<Claims> {
  const { payload } = await decryptByJose(token, deriveKey(secret, 'A256GCM', cookieName).key);
  return claimsFromStore(JSON.parse(payload) as Claims, cookieName, secret);
}

/** Gives a client a valid encrypted session. */
export async function signInEncrypted(client: Client, data: Claims['data'], forgery: Forgery = {}): Promise<string> {
  const token = await encrypt(data, forgery);
  await client.setCookie(forgery.cookieName ?? 'session', token);
  return token;
}
