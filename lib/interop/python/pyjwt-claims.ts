import { LAST_SECOND } from '../../codec/claims.js';
import { rejected, type Rejected } from '../../codec/session-codec.js';
import type { SessionRecord } from '../../data/session-data.js';

/**
 * What `jwt.decode` of PyJWT 2 does with claims (jwt/api_jwt.py, `_validate_claims`), called as asgi-sessions calls it:
 * without audience, issuer, subject or leeway. There the keys of the session are the claims.
 */
export function rejectClaims(data: SessionRecord, now: number): Rejected | undefined {
  const { aud } = data;
  const [iat, nbf, exp] = [timeIn(data, 'iat'), timeIn(data, 'nbf'), timeIn(data, 'exp')];
  if ([iat, nbf, exp].some((time) => Number.isNaN(time)) || isTruthy(aud)) return rejected('malformed');
  if (exp !== undefined && exp <= now) return rejected('expired');
  return (iat ?? now) > now || (nbf ?? now) > now ? rejected('future') : undefined;
}

/** A time that {@link rejectClaims} has let through, as a NumericDate that `Date` can hold too. */
export function dateIn(data: SessionRecord, name: 'iat' | 'exp'): number | undefined {
  const time = timeIn(data, name);
  return time === undefined ? undefined : Math.min(Math.max(time, 0), LAST_SECOND);
}

/** A claim as PyJWT takes it, which is `int()` of Python; `undefined` where it is missing, NaN where that fails. */
function timeIn(data: SessionRecord, name: 'iat' | 'nbf' | 'exp'): number | undefined {
  if (!Object.hasOwn(data, name)) return undefined;
  const value = data[name];
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return Math.trunc(value);
  // int() of Python takes blanks around it, a sign, and single underscores between digits.
  const isInteger = typeof value === 'string' && /^\s*[+-]?\d+(?:_\d+)*\s*$/.test(value);
  return isInteger ? Number(value.replaceAll('_', '')) : Number.NaN;
}

/**
 * The first key that would lock the Python side out, with the reason; all versions of PyJWT 2 taken together, so with
 * more than {@link rejectClaims}. asgi-sessions catches `DecodeError` only (a text that is no number: an empty session); with
 * every other one it answers 500, on each request.
 */
export function lockingKey(data: SessionRecord, now: number): readonly [key: string, why: string] | undefined {
  for (const name of ['exp', 'nbf', 'iat'] as const) {
    const value = data[name];
    // A text or a flag is read by some versions only (`iat > now` was a TypeError until 2.6).
    if (Object.hasOwn(data, name) && typeof value !== 'number')
      return [name, 'PyJWT takes it for a time and wants a number'];
  }
  if (Number(data['exp']) < now + 1) return ['exp', 'PyJWT takes it for the end of the token, and it has passed'];
  for (const name of ['nbf', 'iat']) {
    if (Number(data[name]) > now) return [name, 'PyJWT takes it for the start of the token, and it is in the future'];
  }
  if (isTruthy(data['aud'])) return ['aud', 'PyJWT takes it for an audience, and asgi-sessions expects none'];
  // Since 2.10: `_validate_sub` and `_validate_jti` on reading, `iss` on writing.
  const text = ['sub', 'jti', 'iss'].find((name) => Object.hasOwn(data, name) && typeof data[name] !== 'string');
  return text === undefined ? undefined : [text, 'PyJWT since 2.10 takes it for a claim and wants a string'];
}

/** What Python takes for true: `not payload["aud"]`. */
function isTruthy(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
