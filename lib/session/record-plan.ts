import type { Lifetime } from '../codec/lifetime.js';
import type { SessionClaims } from '../codec/session-codec.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import { areSameTimes, type OwnTimes } from './record.js';
import type { CookieAction, SessionState, WriteCookie, WriteReason } from './session-state.js';

/** The record of a session as its request knows it. */
export interface KnownRecord {
  readonly id: string;
  /** As it was read or written last, with the version that the store has. */
  readonly record: StoreRecord;
  /** The data that the request had then, as text. */
  readonly text: string;
  readonly times: OwnTimes;
  /** Whether the record also has changes of other requests, which this request does not show. */
  readonly isMerged: boolean;
}

/** What a store has to do. Times are NumericDates. */
export type RecordCommand =
  | {
      readonly kind: 'create';
      readonly claims: SessionClaims;
      readonly text: string;
      /** Whether it has values of the session before it, and must not outlive the end of that one. */
      readonly hasKept: boolean;
    }
  | {
      readonly kind: 'save';
      readonly text: string;
      readonly times: OwnTimes;
      /** Whether its end is counted anew; otherwise it stays as it is. */
      readonly isExtended: boolean;
    }
  | { readonly kind: 'touch'; readonly expiresAt: number }
  | { readonly kind: 'delete' };

/** What to do with record and cookie. */
export interface RecordPlan {
  readonly command?: RecordCommand | undefined;
  /** `undefined`: what an earlier save of the request has decided. */
  readonly cookie?: CookieAction | undefined;
}

/** What has happened to the record in this request. */
export interface RecordHistory {
  /** The record that is there now, if one is known. */
  readonly known: KnownRecord | undefined;
  /** Whether this request has written it. */
  readonly isWritten: boolean;
  /** Whether this request has extended it without writing. */
  readonly isTouched: boolean;
  /** The session that another request has ended meanwhile. */
  readonly goneId: string | undefined;
}

const KEEP: CookieAction = { action: 'keep' };

/**
 * Decides about record and cookie. The cookie is written only where the client cannot do with the one that it has: for another
 * session, another lifetime, or once a tenth of the lifetime has passed.
 *
 * @param now a NumericDate in whole seconds
 * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`
 */
export function planRecord(state: SessionState, history: RecordHistory, lifetime: Lifetime, now: number): RecordPlan {
  const { known, isWritten } = history;
  const cookie = state.cookieAction(lifetime, now);
  if (cookie.action === 'write') return planWrite(state, cookie, history, lifetime, now);
  if (cookie.action === 'delete') return { command: known && { kind: 'delete' }, cookie };
  // What an earlier save of this request has written was taken back.
  const isTakenBack = cookie.action === 'keep' && isWritten && known !== undefined;
  if (!isTakenBack) return { cookie: KEEP };
  if (state.isNew) return { command: { kind: 'delete' }, cookie: KEEP };
  const text = state.data.serialize();
  return text === known.text
    ? {}
    : { command: { kind: 'save', text, times: timesOf(state), isExtended: false }, cookie: KEEP };
}

function planWrite(
  state: SessionState,
  { claims, text, reason }: WriteCookie,
  { known, isWritten, isTouched, goneId }: RecordHistory,
  lifetime: Lifetime,
  now: number,
): RecordPlan {
  const { hasKept } = state;
  if (goneId !== undefined && (claims.jti === goneId || hasKept)) return { cookie: KEEP };
  if (known?.id !== claims.jti) {
    return { command: { kind: 'create', claims, text, hasKept }, cookie: pointer(claims, claims.exp, reason) };
  }
  const origin = state.originClaims;
  const isOther = origin?.jti !== claims.jti || !areSameTimes(origin, claims);
  const isRenewed = reason === 'touched' || reason === 'rolling';
  const isExtended = isOther || isRenewed || lifetime.isExtensionDue(origin, now);
  const isChanged = isWritten
    ? text !== known.text || !areSameTimes(claims, known.times)
    : reason === 'changed' || reason === 'lifetime';
  const exp = isExtended ? claims.exp : origin.exp;
  const cookie = isExtended || state.isStale ? pointer(claims, exp, reason) : KEEP;
  if (isChanged) {
    return { command: { kind: 'save', text, times: timesOf(claims), isExtended }, cookie };
  }
  if (!isRenewed) return isWritten ? {} : { cookie };
  return isTouched || isWritten ? {} : { command: { kind: 'touch', expiresAt: exp }, cookie };
}

/** A cookie that says which session it is, and that its data is in the store. */
function pointer(claims: SessionClaims, exp: number, reason: WriteReason): WriteCookie {
  return { action: 'write', claims: { ...claims, exp, st: 1 }, text: '', reason };
}

function timesOf({ ttl, abs }: OwnTimes): OwnTimes {
  return { ttl, abs };
}
