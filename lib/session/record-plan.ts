import type { Lifetime } from '../codec/lifetime.js';
import { type CookieAction, cookieActionOf, type WriteCookie, type WriteReason } from './cookie-action.js';
import { areSameTimes, isOlderThanCookie, type OwnTimes } from './record.js';
import type { KnownRecord, RecordCommand } from './record-command.js';
import type { SessionState } from './session-state.js';

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
  /** The id of a session that came without a record, and that the first write takes over. */
  readonly adoptedId: string | undefined;
  /** Whether this request has written it. */
  readonly isWritten: boolean;
  /** Whether this request has extended it. */
  readonly wasExtended: boolean;
  /** The session that another request has ended meanwhile. */
  readonly goneId: string | undefined;
  /** What attempts to save may have done whose answers were lost; `undefined` where the store has answered each time. */
  readonly lost: { readonly begunId: string | undefined } | undefined;
}

/** What the options say of records. */
export interface RecordRules {
  readonly lifetime: Lifetime;
  /** Whether the data travels in the cookie. */
  readonly isDataInCookie: boolean;
  /** Whether a new session with this data, as text, gets a record. */
  readonly needsRecord: (text: string) => boolean;
}

const KEEP: CookieAction = { action: 'keep' };

/**
 * Decides about record and cookie. Where the store has the data, the cookie is written only where the client cannot do with the
 * one that it has: for another session, another lifetime, or once a tenth of the lifetime has passed. Where the cookie has the
 * data, it is the record that is written only then.
 *
 * @param now a NumericDate in whole seconds
 * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`
 */
export function planRecord(state: SessionState, history: RecordHistory, rules: RecordRules, now: number): RecordPlan {
  const { known, isWritten, lost } = history;
  const cookie = cookieActionOf(state, rules.lifetime, now);
  if (cookie.action === 'write') return planWrite(state, cookie, history, rules, now);
  if (cookie.action === 'delete') {
    // Data in a cookie is as the last response says.
    const isEmptied = !rules.isDataInCookie && known?.id === state.id && !state.hasEnded;
    if (!isEmptied) return { command: endOf(history, false), cookie };
    const text = state.data.serialize();
    return isWritten && known.text === text && lost === undefined ? {} : { command: { kind: 'empty', text }, cookie };
  }
  if (cookie.action !== 'keep') return { cookie };
  // What an earlier save of this request has written, or may have, was taken back.
  const isNew = state.originId === undefined;
  if (isNew && (isWritten || !state.isRolledBack)) return { command: endOf(history, false), cookie };
  if (!isWritten || known === undefined) return { cookie };
  const text = state.data.serialize();
  const hasOtherTimes = !areSameTimes(state, known.times);
  // A cookie that has the data is not as the earlier save has decided.
  if (text === known.text && !hasOtherTimes) return rules.isDataInCookie ? { cookie } : {};
  return { command: { kind: 'save', text, times: timesOf(state), isExtended: hasOtherTimes }, cookie: KEEP };
}

function planWrite(
  state: SessionState,
  cookie: WriteCookie,
  history: RecordHistory,
  rules: RecordRules,
  now: number,
): RecordPlan {
  const { claims, text } = cookie;
  const { hasKept, keptKeys } = state;
  const { known, goneId } = history;
  if (goneId !== undefined && (claims.jti === goneId || hasKept)) return { cookie: KEEP };
  if (known?.id === claims.jti) return planKnown(state, cookie, known, history, rules, now);
  if (!rules.needsRecord(text)) return { command: endOf(history, hasKept), cookie };
  return { command: { kind: 'create', claims, text, hasKept, keptKeys }, cookie: recorded(cookie, claims.exp, rules) };
}

/** For a session whose record is there. */
function planKnown(
  state: SessionState,
  cookie: WriteCookie,
  known: KnownRecord,
  { isWritten, wasExtended, lost }: RecordHistory,
  rules: RecordRules,
  now: number,
): RecordPlan {
  const { claims, text, reason } = cookie;
  const { isDataInCookie, lifetime } = rules;
  const origin = state.originClaims;
  const isOther = origin?.jti !== claims.jti || !areSameTimes(origin, claims);
  const isRenewed = state.isTouched || reason === 'rolling';
  const isExtended = isOther || isRenewed || lifetime.isExtensionDue(origin, now);
  const written = recorded(cookie, isExtended ? claims.exp : origin.exp, rules);

  const isUnclear = lost !== undefined;
  const isToBeReplaced = isUnclear || known.isStale === true || isOlderThanCookie(known.record.text) !== isDataInCookie;
  const hasOtherTimes = !areSameTimes(claims, known.times);
  const isChanged = isWritten ? text !== known.text || hasOtherTimes : isChange(reason);
  if (isToBeReplaced || (isDataInCookie ? hasOtherTimes : isChanged)) {
    // A cookie that has data of its own is replaced by one that has none.
    const isKept = !isDataInCookie && !isExtended && !state.isStale && state.isPointer;
    const command = { kind: 'save', text, times: timesOf(claims), isExtended: isExtended || isUnclear } as const;
    return { command, cookie: isKept ? KEEP : written };
  }
  const isTouchDue = isDataInCookie ? isExtended : isRenewed;
  if (isTouchDue && !wasExtended) return { command: { kind: 'touch', expiresAt: written.claims.exp }, cookie: written };
  return isDataInCookie || !(isRenewed || isWritten) ? { cookie: written } : {};
}

function isChange(reason: WriteReason): boolean {
  return reason === 'changed' || reason === 'lifetime';
}

/** The command that ends a session, if there is one to end. */
function endOf({ known, adoptedId, lost }: RecordHistory, hasKept: boolean): RecordCommand | undefined {
  const id = known?.id ?? adoptedId ?? lost?.begunId;
  return id === undefined ? undefined : { kind: 'delete', hasKept };
}

/** A cookie that says that its session has a record; the data is in the cookie or there. */
function recorded({ claims, text, reason }: WriteCookie, exp: number, { isDataInCookie }: RecordRules): WriteCookie {
  return { action: 'write', claims: { ...claims, exp, st: 1 }, text: isDataInCookie ? text : '', reason };
}

function timesOf({ ttl, abs }: OwnTimes): OwnTimes {
  return { ttl, abs };
}
