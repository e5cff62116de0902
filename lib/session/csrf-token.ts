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
  set(key: string, value: unknown): void;
  delete(key: string): unknown;
}

/** The tokens that one request has given to its page. */
export class GivenTokens {
  /** Whether the secret of these tokens has begun in this request, so that no attacker can know it. */
  isFresh = false;
  /** Those of the last ones. */
  salts: readonly string[] = [];
}

/** How many tokens of one request stay valid where the secret is replaced: they take room in the session. */
const MAX_GIVEN = 16;
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
 *
 * @param given takes the token in
 */
export function newCsrfToken(session: CsrfStore, given = new GivenTokens()): string {
  const known = secretOf(session);
  const secret = known ?? randomBytes(SIZE);
  if (known === undefined) {
    session.set(CSRF, encodeBase64url(secret));
    given.isFresh = true;
  }
  const salt = encodeBase64url(randomBytes(SIZE));
  given.salts = [...given.salts, salt].slice(-MAX_GIVEN);
  return `${salt}.${sign(secretKeyOf(secret), salt)}`;
}

/** Whether `token`, whatever a client has sent, is one of this session. Compared in constant time; begins no session. */
export function isCsrfToken(session: CsrfStore, token: unknown): boolean {
  if (typeof token !== 'string' || !TOKEN.test(token)) return false;
  const secret = secretOf(session);
  const [salt = '', signature = ''] = token.split('.');
  if (secret === undefined) return false;
  return isSignature(signature, secretKeyOf(secret), salt) || saltsOf(session).some((each) => isSame(each, salt));
}

/**
 * Replaces the secret of a session that goes to another person, because an attacker who has planted the session knows it. The
 * tokens that the same request has given to its page stay valid by their salts, which only that page has.
 */
export function replaceSecret(data: CsrfData, { isFresh, salts }: GivenTokens): void {
  if (isFresh) return;
  if (salts.length === 0) data.delete(CSRF);
  else data.set(CSRF, [encodeBase64url(randomBytes(SIZE)), ...salts].join('.'));
}

/** The secret, and behind it the salts of tokens that were signed with the one before. */
function partsOf(session: CsrfStore): readonly string[] {
  const text = session.get(CSRF);
  return typeof text === 'string' ? text.split('.') : [];
}

/** `undefined` also for what other software has left under our key. */
function secretOf(session: CsrfStore): Buffer | undefined {
  const [text = ''] = partsOf(session);
  const secret = decodeBase64url(text);
  return secret?.length === SIZE ? secret : undefined;
}

function saltsOf(session: CsrfStore): readonly string[] {
  return partsOf(session).slice(1);
}

function isSame(known: string, given: string): boolean {
  const [a, b] = [Buffer.from(known), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
