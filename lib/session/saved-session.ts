import type { DataFormat } from '../data/data-format.js';
import type { TransportedSession } from '../transport/session-transport.js';
import type { CookieAction } from './cookie-action.js';
import type { SessionState } from './session-state.js';

/** A session that its request has saved, and loads again: no cookie of the request speaks of it. */
export interface SavedSession {
  /** `undefined` where the request has ended it. */
  readonly session: TransportedSession | undefined;
  /** What was saved. */
  readonly before: SessionState;
}

/** @param cookie that is to leave @returns `undefined` where it stays as it is, and speaks of the session */
export function savedSession(cookie: CookieAction, before: SessionState, format: DataFormat): SavedSession | undefined {
  if (cookie.action === 'delete') return { session: undefined, before };
  if (cookie.action !== 'write') return undefined;
  const { claims, text } = cookie;
  const isPointer = text === '';
  const data = isPointer ? {} : format.read(text);
  return { session: { ok: true, claims, data, stale: false, isShared: false, isPointer }, before };
}
