import type { Lifetime } from '../codec/lifetime.js';
import type { SessionClaims } from '../codec/session-codec.js';
import type { TrackedData } from '../data/tracked-data.js';

/** What to do with the cookie: keep, delete or write; `keep-back` for a renewal that cannot be written. */
export type CookieAction =
  { readonly action: 'keep' } | { readonly action: 'keep-back' } | { readonly action: 'delete' } | WriteCookie;

/** A new cookie for the session: its claims, its data as text, and why it is written. */
export interface WriteCookie {
  readonly action: 'write';
  readonly claims: SessionClaims;
  readonly text: string;
  readonly reason: WriteReason;
}

/** Why a cookie is written: the application has asked for it by a change or by `touch()`, or it is a renewal. */
export type WriteReason = 'changed' | 'lifetime' | 'touched' | Renewal;

/** Why a cookie is written without being asked: by the option `rolling`, or for an older secret or another format. */
type Renewal = 'rolling' | 'reissued';

/** The session that came, and what has become of it. Times are NumericDates, lifetimes are in seconds. */
export interface ChangedSession {
  /** Whether the request has a cookie of ours, valid or not. */
  readonly hadCookie: boolean;
  /** The claims of the cookie that came, where it was valid. */
  readonly originClaims: SessionClaims | undefined;
  /** Whether the cookie that came has an older secret or another format, so that the session needs a new one. */
  readonly isStale: boolean;
  readonly id: string;
  readonly createdAt: number;
  /** Its own lifetime, where it has one. */
  readonly ttl: number | undefined;
  /** Its own absoluteMaxAge, where it has one. */
  readonly abs: number | undefined;
  readonly data: TrackedData;
  /** Whether it is replaced, or has other data than the session that came. */
  readonly isModified: boolean;
  /** Whether it is another session than the one that came, or has another lifetime of its own. */
  readonly isReplaced: boolean;
  /** Whether it was destroyed, whatever has been set since. */
  readonly wasDestroyed: boolean;
  /** Whether a fresh cookie is asked for, even if nothing changed. */
  readonly isTouched: boolean;
  /** Whether it was rolled back, whatever has been changed since. */
  readonly isRolledBack: boolean;
}

const KEEP: CookieAction = { action: 'keep' };

/**
 * Decides what to do with the cookie of a session.
 *
 * @param now a NumericDate in whole seconds
 * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`, but not for a renewal
 */
export function cookieActionOf(session: ChangedSession, lifetime: Lifetime, now: number): CookieAction {
  const { data, originClaims, hadCookie, wasDestroyed } = session;
  const text = session.isReplaced || wasDestroyed ? data.serialize() : data.modifiedText();
  if (text !== undefined && data.isEmptyText(text)) {
    const isThere = wasDestroyed ? hadCookie : originClaims !== undefined;
    return isThere ? { action: 'delete' } : KEEP;
  }
  const reason = text === undefined ? unchangedReason(session, lifetime, now) : changeReason(session);
  if (reason === undefined) return KEEP;
  const exp = endsAt(reason, session, lifetime, now);
  if (!isRenewal(reason)) return write(session, text ?? data.serialize(), exp, reason);
  try {
    return write(session, data.serialize(), exp, reason);
  } catch {
    // The result of a schema or a serializer, which cannot be written.
    return { action: 'keep-back' };
  }
}

/**
 * When a session ends if its response is sent now: a NumericDate, also where the session cannot be written.
 *
 * @param now a NumericDate in whole seconds
 */
export function expiryOf(session: ChangedSession, lifetime: Lifetime, now: number): number {
  const { originClaims: origin } = session;
  // In a store a change extends a session once a tenth of its lifetime has passed, as reading does.
  const isKept = origin?.st === 1 && !session.isReplaced && !session.isTouched && !lifetime.isExtensionDue(origin, now);
  if (isKept) return origin.exp;
  const reason = session.isModified ? 'changed' : unchangedReason(session, lifetime, now);
  return endsAt(reason, session, lifetime, now);
}

/** Whether the application has not asked for the cookie: it is written where that is possible. */
export function isRenewal(reason: WriteReason): reason is Renewal {
  return reason === 'rolling' || reason === 'reissued';
}

function changeReason({ isReplaced, id, originClaims, data }: ChangedSession): WriteReason {
  return isReplaced && id === originClaims?.jti && !data.isModified ? 'lifetime' : 'changed';
}

/** Why the cookie of a session without a change is written all the same, if it is. */
function unchangedReason(session: ChangedSession, lifetime: Lifetime, now: number): WriteReason | undefined {
  const { originClaims } = session;
  if (originClaims === undefined) return undefined;
  if (session.isTouched) return 'touched';
  if (session.isRolledBack) return undefined;
  if (lifetime.isRenewalDue(originClaims, now)) return 'rolling';
  return session.isStale ? 'reissued' : undefined;
}

/** A cookie that is kept, or only re-issued, leaves the session the time that it has. */
function endsAt(
  reason: WriteReason | undefined,
  { originClaims, createdAt: iat, ttl, abs }: ChangedSession,
  lifetime: Lifetime,
  now: number,
): number {
  const isKept = reason === undefined || reason === 'reissued';
  return isKept && originClaims !== undefined ? originClaims.exp : lifetime.expiry({ iat, ttl, abs }, now);
}

function write(
  { id: jti, createdAt: iat, ttl, abs }: ChangedSession,
  text: string,
  exp: number,
  reason: WriteReason,
): WriteCookie {
  const claims = { jti, iat, exp, ttl };
  return { action: 'write', claims: abs === undefined ? claims : { ...claims, abs }, text, reason };
}
