import type { SessionClaims } from '../../../../lib/codec/session-codec.js';
import { JSON_FORMAT } from '../../../../lib/data/data-format.js';
import type { SessionRecord } from '../../../../lib/data/session-data.js';
import { SessionState } from '../../../../lib/session/session-state.js';
import { CLAIMS, NOW } from '../../../support/open-session.js';

/** A session that came in a valid cookie. @param stale whether that was signed with an older secret */
export function loaded(data: SessionRecord, claims: Partial<SessionClaims> = {}, stale = false): SessionState {
  return new SessionState(
    { hadCookie: true, session: { ok: true, claims: { ...CLAIMS, ...claims }, data, stale, isShared: false } },
    JSON_FORMAT,
    NOW,
  );
}

/** A session of a request without a cookie of ours. */
export function fresh(): SessionState {
  return new SessionState({ hadCookie: false, session: undefined }, JSON_FORMAT, NOW);
}

/** A session of a request whose cookie is not valid. */
export function afterJunk(): SessionState {
  return new SessionState({ hadCookie: true, session: undefined }, JSON_FORMAT, NOW);
}
