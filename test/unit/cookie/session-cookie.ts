import { chunkName } from '../../../lib/cookie/chunks.js';
import { SessionCookie } from '../../../lib/cookie/session-cookie.js';
import type { CookieAttributes } from '../../../lib/cookie/set-cookie.js';

export const ATTRIBUTES = { path: '/', httpOnly: true, sameSite: 'lax' } as const;
export const TAIL = '; Max-Age=60; Path=/; HttpOnly; SameSite=Lax';
export const DELETION = 'Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax';
/** How much of a token fits into one cookie, by its number. */
export const ROOM = [0, 1].map((index) => 4096 - `${chunkName('s', index)}=${TAIL}`.length) as [number, number];

export function cookieWith(count = 1, size = count * 4096, attributes: CookieAttributes = ATTRIBUTES): SessionCookie {
  return new SessionCookie('s', attributes, { count, size });
}

/** A token of so many characters, no two parts of which are the same. */
export function tokenOf(length: number): string {
  let text = '';
  for (let index = 0; text.length < length; index++) text += `${index}.`;
  return text.slice(0, length);
}

/** The Set-Cookie lines that carry the token; none where it is too large. */
export function linesOf(cookie: SessionCookie, token: string, header?: string): readonly string[] {
  const written = cookie.serialize(token, 60, false, header);
  return written.ok ? written.lines : [];
}
