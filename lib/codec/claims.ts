import { randomBytes } from 'node:crypto';
import { isSafeJson, isSafeText } from '../data/json-data.js';
import { isRecord, type SessionRecord } from '../data/session-data.js';
import { rejected, type SessionClaims, type Unsealed } from './session-codec.js';

/** The data of a token that only points to a session in a store. */
const NO_DATA: SessionRecord = Object.freeze({});

/**
 * Writes the payload of a token: `{"jti":…,"iat":…,"exp":…,"ttl":…,"abs":…,"st":1,"rk":…,"data":{…}}`.
 *
 * @param data empty where a store has the data
 */
export function serializeClaims(claims: SessionClaims, data: string): string {
  const ttl = claims.ttl === undefined ? '' : `,"ttl":${claims.ttl}`;
  const abs = claims.abs === undefined ? '' : `,"abs":${claims.abs}`;
  const st = claims.st === undefined ? '' : `,"st":${claims.st}`;
  const rk = claims.rk === undefined ? '' : `,"rk":"${claims.rk}"`;
  // No empty data: a release without stores would read an empty session, and so it calls the token malformed.
  const rest = claims.st !== undefined && data === '' ? '' : `,"data":${data}`;
  return `{"jti":${JSON.stringify(claims.jti)},"iat":${claims.iat},"exp":${claims.exp}${ttl}${abs}${st}${rk}${rest}}`;
}

/** The length of the payload in bytes, without encoding it. */
export function claimsLength(claims: SessionClaims, data: string): number {
  // Whether there is data makes a difference; JSON of ours begins with one byte.
  const first = data.slice(0, 1);
  return serializeClaims(claims, first).length - first.length + Buffer.byteLength(data);
}

/**
 * Reads the payload of an authentic token. Its shape is checked all the same, because every holder of the key may have
 * written it: a payload that is no session of ours is `'malformed'`.
 */
export function parseClaims(payload: string, stale: boolean): Unsealed {
  let parsed: unknown;
  try {
    parsed = JSON.parse(payload);
  } catch {
    return rejected('malformed');
  }
  if (!isRecord(parsed)) return rejected('malformed');
  const { jti, iat, exp } = parsed;
  // The claims that may be missing: a property of a polluted Object.prototype is none.
  const ttl = Object.hasOwn(parsed, 'ttl') ? parsed.ttl : undefined;
  const abs = Object.hasOwn(parsed, 'abs') ? parsed.abs : undefined;
  const st = Object.hasOwn(parsed, 'st') ? parsed.st : undefined;
  const rk = Object.hasOwn(parsed, 'rk') ? parsed.rk : undefined;
  if (st !== undefined && st !== 1) return rejected('malformed');
  if (rk !== undefined && (st === undefined || !isSessionId(rk))) return rejected('malformed');
  const isPointer = st === 1 && !Object.hasOwn(parsed, 'data');
  const data = isPointer ? NO_DATA : parsed.data;
  if (!isSessionId(jti) || !isTime(iat) || !isTime(exp)) return rejected('malformed');
  if (typeof data !== 'string' && !isRecord(data)) return rejected('malformed');
  if (!isSafeText(payload) && !isSafeJson(data)) return rejected('malformed');
  if (!isDurationOrNone(ttl) || !isDurationOrNone(abs)) return rejected('malformed');
  const times = { jti, iat, exp, ttl };
  const claims = abs === undefined ? times : { ...times, abs };
  if (st === undefined) return { ok: true, claims, data, stale };
  const recorded: SessionClaims = rk === undefined ? { ...claims, st } : { ...claims, st, rk };
  const opened = { ok: true, claims: recorded, data, stale } as const;
  return isPointer ? { ...opened, isPointer } : opened;
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

function isDurationOrNone(value: unknown): value is number | undefined {
  return value === undefined || (isTime(value) && value > 0);
}
