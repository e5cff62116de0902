import { randomBytes, timingSafeEqual } from 'node:crypto';
import { decodeBase64url, encodeBase64url } from '../crypto/base64.js';
import { isSignature, secretKeyOf, sign } from '../crypto/hmac.js';

/** The key of the secret in the data. */
export const CSRF = '$csrf';

/** The part of a session that the token needs. */
export interface CsrfStore {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

/** The part of a session that another secret needs. */
interface CsrfData {
  readonly values: object;
  set(key: string, value: unknown): void;
  delete(key: string): unknown;
}

/** What one request has given to its page: one token, however often it is asked for. */
export class GivenToken {
  token: string | undefined;
}

/** Bytes of a secret and of a salt: 128 bits, as of the session id. */
const SIZE = 16;
/** A salt and an HMAC-SHA256 in base64url, with a dot between. */
const TOKEN = /^[\w-]{22}\.[\w-]{43}$/;

/**
 * A token for forms and headers: a salt and its HMAC under the secret of the session, which begins with the first token.
 * Another text in each request, so that its bytes cannot be found out by the length of compressed answers (BREACH).
 *
 * The secret stands in the session itself, a synchronizer token: it lives as long as the log-in does, goes with
 * `regenerate()`, and needs no stable session id, which cookies of other frameworks do not have.
 */
export function newCsrfToken(session: CsrfStore, given = new GivenToken()): string {
  if (isCsrfToken(session, given.token)) return given.token;
  const { secret: known } = partsOf(session);
  const secret = known ?? randomBytes(SIZE);
  if (known === undefined) session.set(CSRF, encodeBase64url(secret));
  const salt = encodeBase64url(randomBytes(SIZE));
  return (given.token = `${salt}.${sign(secretKeyOf(secret), salt)}`);
}

/** Whether `token`, which a client has sent, is one of this session. Compared in constant time; begins no session. */
export function isCsrfToken(session: CsrfStore, token: unknown): token is string {
  if (typeof token !== 'string' || !TOKEN.test(token)) return false;
  const { secret, otherSalt } = partsOf(session);
  const [salt = '', signature = ''] = token.split('.');
  if (secret === undefined) return false;
  return isSignature(signature, secretKeyOf(secret), salt) || isSame(otherSalt, salt);
}

/**
 * Replaces the secret of a session that goes to another person, because an attacker who has planted the session knows it. The
 * token that the same request has given to its page stays valid by its salt, which only that page has. A session that was
 * emptied after that has no secret, and is not begun anew by one.
 */
export function replaceSecret(data: CsrfData, { token }: GivenToken): void {
  if (token === undefined) data.delete(CSRF);
  else if (Object.hasOwn(data.values, CSRF))
    data.set(CSRF, `${encodeBase64url(randomBytes(SIZE))}.${token.split('.')[0]}`);
}

/** The secret, and the salt of a token that was signed with the one before. Other software may have left anything under our key. */
function partsOf(session: CsrfStore): { secret: Buffer | undefined; otherSalt: string } {
  const text = session.get(CSRF);
  const [first = '', otherSalt = ''] = typeof text === 'string' ? text.split('.') : [];
  const secret = decodeBase64url(first);
  return { secret: secret?.length === SIZE ? secret : undefined, otherSalt };
}

function isSame(known: string, given: string): boolean {
  const [a, b] = [Buffer.from(known), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
