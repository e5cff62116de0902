import { randomBytes } from '../crypto/random.js';
import { depthOf, MAX_DEPTH } from '../data/serializable.js';
import { rejected, type SessionClaims, type Unsealed } from './session-codec.js';
import { isRecord, type SessionRecord } from '../data/session-data.js';

/** Writes the payload of a token: `{"jti":…,"iat":…,"exp":…,"ttl":…,"data":{…}}`. */
export function serializeClaims(claims: SessionClaims, data: string): string {
  const ttl = claims.ttl === undefined ? '' : `,"ttl":${claims.ttl}`;
  return `{"jti":${JSON.stringify(claims.jti)},"iat":${claims.iat},"exp":${claims.exp}${ttl},"data":${data}}`;
}

/**
 * Reads the payload of an authentic token. Whoever holds the key may have written anything, so the shape is
 * checked all the same: what is no session of ours is `'malformed'`.
 */
export function parseClaims(payload: string, stale: boolean): Unsealed {
  let parsed: unknown;
  try {
    parsed = JSON.parse(payload);
  } catch {
    return rejected('malformed');
  }
  if (!isRecord(parsed)) return rejected('malformed');
  const { jti, iat, exp, data } = parsed;
  // The one claim that may be missing: what Object.prototype was polluted with is none.
  const ttl = Object.hasOwn(parsed, 'ttl') ? parsed.ttl : undefined;
  if (!isSessionId(jti) || !isTime(iat) || !isTime(exp)) return rejected('malformed');
  if (typeof data !== 'string' && (!isRecord(data) || isTooDeep(payload, data))) return rejected('malformed');
  if (ttl !== undefined && (!isTime(ttl) || ttl === 0)) return rejected('malformed');
  return { ok: true, claims: { jti, iat, exp, ttl }, data, stale };
}

/** A new session id: 128 random bits (OWASP ASVS 5.0 V7.2.3), 22 characters of base64url. */
export function newSessionId(): string {
  return randomBytes(16).toString('base64url');
}

/** Whether `value` can name a session: 1 to 64 characters of base64url; ours have 22, a UUID fits too. */
export function isSessionId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value);
}

/** The latest second that a `Date` can hold (ECMA-262 §21.4.1.1). */
export const LAST_SECOND = 8_640_000_000_000;

/** A NumericDate (RFC 7519 §2), which may have a fraction, that `Date` can hold too. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LAST_SECOND;
}

/** Looks through the data only where the payload has brackets enough to be nested that deep. */
function isTooDeep(payload: string, data: SessionRecord): boolean {
  return hasMore(payload, '{', '[', MAX_DEPTH) && depthOf(data) > MAX_DEPTH;
}

/** Whether two characters together occur more than `limit` times in a text. */
function hasMore(text: string, one: string, other: string, limit: number): boolean {
  let left = limit;
  for (const character of [one, other]) {
    for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1))
      if (left-- === 0) return true;
  }
  return false;
}
