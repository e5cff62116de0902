import { randomBytes } from 'node:crypto';
import { decodeBase64url, encodeBase64url } from '../crypto/base64.js';
import { isSignature, secretKeyOf, sign } from '../crypto/hmac.js';

/** The key of the secret in the data. */
export const CSRF = '$csrf';

/** The part of a session that the token needs. */
export interface CsrfStore {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

/** Bytes of a secret and of a salt: 128 bits, as of the session id. */
const SIZE = 16;
/** A salt and an HMAC-SHA256 in base64url, with a dot between. */
const TOKEN = /^[\w-]{22}\.[\w-]{43}$/;

/**
 * A token for forms and headers: a salt and its HMAC under the secret of the session, which begins with the first token.
 * Another text each time, so that its bytes cannot be found out by the length of compressed answers (BREACH).
 *
 * The secret stands in the session itself, a synchronizer token: it lives as long as the log-in does, goes with
 * `regenerate()`, and needs no stable session id, which cookies of other frameworks do not have.
 */
export function newCsrfToken(session: CsrfStore): string {
  const known = secretOf(session);
  const secret = known ?? randomBytes(SIZE);
  if (known === undefined) session.set(CSRF, encodeBase64url(secret));
  const salt = encodeBase64url(randomBytes(SIZE));
  return `${salt}.${sign(secretKeyOf(secret), salt)}`;
}

/** Whether `token`, whatever a client has sent, is one of this session. Compared in constant time; begins no session. */
export function isCsrfToken(session: CsrfStore, token: unknown): boolean {
  if (typeof token !== 'string' || !TOKEN.test(token)) return false;
  const secret = secretOf(session);
  const [salt = '', signature = ''] = token.split('.');
  return secret !== undefined && isSignature(signature, secretKeyOf(secret), salt);
}

/** `undefined` also for what other software has left under our key. */
function secretOf(session: CsrfStore): Buffer | undefined {
  const text = session.get(CSRF);
  const secret = typeof text === 'string' ? decodeBase64url(text) : undefined;
  return secret?.length === SIZE ? secret : undefined;
}
