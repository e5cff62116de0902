import { createCipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { SessionModuleOptions } from '../../../lib/options/session.options.js';
import { type OpenSettings, resolveSettings } from '../../support/settings.js';
import { SECRET } from '../../unit/support.js';

/** What may be in the cookie. */
export type Mode = 'signed' | 'encrypted';
export const MODES: readonly Mode[] = ['signed', 'encrypted'];

export const ID = 'AAECAwQFBgcICQoLDA0ODw';

export function settingsFor(mode: Mode, options: Partial<SessionModuleOptions> = {}): OpenSettings {
  return resolveSettings({ secretKey: SECRET, encrypt: mode === 'encrypted', ...options });
}

/** What the contract derives from a secret, once more and without the package. */
export function keysOf(
  mode: Mode,
  secret = SECRET,
  cookieName = 'session',
): { key: Buffer; kid: string; kidHash: Buffer } {
  const algorithm = mode === 'signed' ? 'HS256' : 'A256GCM';
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', secret, '', info, 32));
  const kidHash = derive(`nestjs-sessions/v1/kid/${algorithm}/${cookieName}`);
  return {
    key: derive(`nestjs-sessions/v1/${algorithm}/${cookieName}`),
    kid: kidHash.toString('base64url').slice(0, 8),
    kidHash,
  };
}

/** The content key of one session: HKDF-Expand, one block. */
export function contentKey(key: Buffer, id: string): Buffer {
  return createHmac('sha256', key).update(`nestjs-sessions/v1/content/${id}\u0001`).digest();
}

/** A compact JWS by hand, over any header and any payload, by any hash. */
export function jws(header: string, payload: string | Buffer, key: string | Buffer, hash = 'sha256'): string {
  const input = `${base64url(header)}.${base64url(payload)}`;
  return `${input}.${createHmac(hash, key).update(input).digest('base64url')}`;
}

/** A compact JWE by hand: direct encryption by AES-GCM with the key as it is; by AES-128 or AES-256 as it is long. */
export function jwe(header: string, payload: string | Buffer, key: Buffer, encryptedKey = ''): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce);
  const protectedHeader = base64url(header);
  cipher.setAAD(Buffer.from(protectedHeader));
  const ciphertext = Buffer.concat([cipher.update(payload), cipher.final()]);
  const parts = [nonce, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return `${protectedHeader}.${encryptedKey}.${parts.join('.')}`;
}

/** A token with this payload, authentic in its mode, by hand. */
export function authentic(mode: Mode, payload: string | Buffer, secret = SECRET, cookieName = 'session'): string {
  const { key, kid } = keysOf(mode, secret, cookieName);
  if (mode === 'signed') return jws(`{"alg":"HS256","kid":"${kid}"}`, payload, key);
  return jwe(`{"alg":"dir","enc":"A256GCM","kid":"${kid}.${ID}"}`, payload, contentKey(key, ID));
}

/** The payload of a session, with these claims changed. */
export function payloadOf(claims: Readonly<Record<string, unknown>> = {}, at = Date.now() / 1000): string {
  const iat = Math.floor(at);
  return JSON.stringify({ jti: ID, iat, exp: iat + 1_209_600, data: { user: 'ada' }, ...claims });
}

export function base64url(bytes: string | Buffer): string {
  return Buffer.from(bytes as string).toString('base64url');
}
