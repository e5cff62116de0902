import type { CookieAction } from './cookie-action.js';
import type { CurrentRecord } from './current-record.js';

/** While it is not decided yet which record a session has that is taken over, its cookie is as before. */
export function withoutRecord(cookie: CookieAction): CookieAction {
  return cookie.action === 'write' ? { ...cookie, claims: { ...cookie.claims, st: undefined } } : cookie;
}

/** The cookie of a session that was taken over says which record it has. */
export function withKey(cookie: CookieAction, record: CurrentRecord): CookieAction {
  if (cookie.action !== 'write' || cookie.claims.st !== 1) return cookie;
  const rk = record.rkOf(cookie.claims.jti);
  return rk === undefined ? cookie : { ...cookie, claims: { ...cookie.claims, rk } };
}
