import { parseCookie } from 'cookie';

/** The session cookie in its three parts, and what the first two say. Anybody can do this: it needs no secret. */
export interface CookieContent {
  readonly parts: readonly string[];
  readonly header: string;
  readonly payload: string;
}

/** @param cookies the Cookie header of the request */
export function readCookieContent(cookies: string | undefined): CookieContent | undefined {
  const token = parseCookie(cookies ?? '').session;
  if (token === undefined) return undefined;
  const parts = token.split('.');
  const [header = '', payload = ''] = parts;
  return { parts, header: decode(header), payload: decode(payload) };
}

function decode(part: string): string {
  try {
    return JSON.stringify(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')), null, 2);
  } catch {
    return '(not readable)';
  }
}
