import { LAST_SECOND } from '../../codec/claims.js';
import { rejected, type Rejected } from '../../codec/session-codec.js';
import type { SessionRecord } from '../../data/session-data.js';

/**
 * Validates claims like `jwt.decode` of PyJWT 2 (jwt/api_jwt.py, `_validate_claims`) as asgi-sessions calls it: without
 * audience, issuer, subject or leeway. The keys of the session are the claims.
 *
 * @param now a NumericDate in whole seconds
 */
export function rejectClaims(data: SessionRecord, now: number): Rejected | undefined {
  const { aud } = data;
  const [iat, nbf, exp] = [timeIn(data, 'iat'), timeIn(data, 'nbf'), timeIn(data, 'exp')];
  if ([iat, nbf, exp].some((time) => Number.isNaN(time)) || isTruthy(aud)) return rejected('malformed');
  if (exp !== undefined && exp <= now) return rejected('expired');
  return (iat ?? now) > now || (nbf ?? now) > now ? rejected('future') : undefined;
}

/** A time claim that passed {@link rejectClaims}, as a NumericDate in seconds within the range of `Date`. */
export function dateIn(data: SessionRecord, name: 'iat' | 'exp'): number | undefined {
  const time = timeIn(data, name);
  return time === undefined ? undefined : Math.min(Math.max(time, 0), LAST_SECOND);
}

/** A time claim as PyJWT reads it, with Python's `int()`: `undefined` if it is missing, NaN if `int()` fails. */
function timeIn(data: SessionRecord, name: 'iat' | 'nbf' | 'exp'): number | undefined {
  if (!Object.hasOwn(data, name)) return undefined;
  const value = data[name];
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return Math.trunc(value);
  // Python's int() accepts white space around the number, a sign, and single underscores between digits.
  const isInteger = typeof value === 'string' && /^\s*[+-]?\d+(?:_\d+)*\s*$/.test(value);
  return isInteger ? Number(value.replaceAll('_', '')) : Number.NaN;
}

/**
 * The first key with which the Python side would fail, and the reason. Stricter than {@link rejectClaims}, because it
 * covers every version of PyJWT 2. asgi-sessions catches `DecodeError` only (a time that is not a number: the session
 * is empty); any other error is a 500 on every request.
 *
 * @param now a NumericDate in whole seconds
 */
export function lockingKey(data: SessionRecord, now: number): readonly [key: string, why: string] | undefined {
  for (const name of ['exp', 'nbf', 'iat'] as const) {
    const value = data[name];
    // Only some versions accept a string or a boolean (`iat > now` was a TypeError until 2.6).
    if (Object.hasOwn(data, name) && typeof value !== 'number')
      return [name, 'PyJWT reads it as a time and needs a number'];
  }
  if (Number(data['exp']) < now + 1) return ['exp', 'PyJWT reads it as the end of the token, and it has passed'];
  for (const name of ['nbf', 'iat']) {
    if (Number(data[name]) > now) return [name, 'PyJWT reads it as the start of the token, and it is in the future'];
  }
  if (isTruthy(data['aud'])) return ['aud', 'PyJWT reads it as an audience, and asgi-sessions expects none'];
  // Since 2.10: `_validate_sub` and `_validate_jti` on reading, `iss` on writing.
  const name = ['sub', 'jti', 'iss'].find((claim) => Object.hasOwn(data, claim) && typeof data[claim] !== 'string');
  return name === undefined ? undefined : [name, 'PyJWT since 2.10 reads it as a claim and needs a string'];
}

/** Python's truth value, as PyJWT tests it: `not payload["aud"]`. */
function isTruthy(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
