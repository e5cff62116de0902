import type { SessionModuleOptions } from '../../../lib/options/session.options.js';
import { jwe, jws } from '../../support/compact.js';
import { contentKey, type DerivedKey, deriveKey } from '../../support/keys.js';
import { type OpenSettings, resolveSettings } from '../../support/settings.js';
import { SECRET } from '../../support/secrets.js';

/** What may be in the cookie. */
export type Mode = 'signed' | 'encrypted';
export const MODES: readonly Mode[] = ['signed', 'encrypted'];

export const ID = 'AAECAwQFBgcICQoLDA0ODw';

export function settingsFor(mode: Mode, options: Partial<SessionModuleOptions> = {}): OpenSettings {
  return resolveSettings({ secretKey: SECRET, encrypt: mode === 'encrypted', ...options });
}

/** What the format derives from a secret in one mode. */
export function keysOf(mode: Mode, secret = SECRET, cookieName = 'session'): DerivedKey {
  return deriveKey(secret, mode === 'signed' ? 'HS256' : 'A256GCM', cookieName);
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
