import { KeyRing } from '../../../dist/codec/key-ring.js';
import { newSessionId } from '../../../dist/codec/session-id.js';
import { SignedCodec } from '../../../dist/codec/signed.codec.js';
import { MAX_AGE } from '../codec/contender.js';
import type { Setting } from './variant.js';

/** Which Cookie header a request has: that of a browser after the log-in, or what is made of it. */
export type CookieHeader =
  | 'usual'
  | 'tampered'
  | 'expired'
  | 'sealed with the oldest'
  | 'none of ours'
  | 'junk'
  | 'junk in many cookies'
  | { readonly others: number };

/** As long as that of a session, so that reading headers costs the same without one. */
const OTHER_COOKIE = `other=${'x'.repeat(300)}`;

/** What a browser sends after a response with these Set-Cookie lines. */
export function cookiesOf(lines: readonly string[]): string {
  return lines.length === 0 ? OTHER_COOKIE : lines.map((line) => line.split(';', 1)[0]).join('; ');
}

/** @param cookies as a browser sends them after a log-in */
export function cookieHeaderOf(cookies: string, setting: Setting, header: CookieHeader = 'usual'): string {
  switch (header) {
    case 'usual':
    case 'expired': // It came from a log-in long ago.
      return cookies;
    case 'tampered':
      // The last character but one: the last one has spare bits.
      return cookies.replace(/(.)(.)$/, (_, one: string, last: string) => `${one === 'A' ? 'B' : 'A'}${last}`);
    case 'sealed with the oldest':
      return oldCookieOf(setting);
    case 'none of ours':
      return OTHER_COOKIE;
    case 'junk':
      return `session=${'x'.repeat(16 * 1024)}`;
    case 'junk in many cookies':
      return Array.from({ length: 200 }, () => `session=${'x'.repeat(72)}`).join('; ');
    default:
      return among(header.others, cookies);
  }
}

/** Whether there is a session in what a request sends. */
export function hasSession(header: CookieHeader = 'usual'): boolean {
  return typeof header === 'object' || header === 'usual' || header === 'sealed with the oldest';
}

/** As this package sent it before there were newer secrets. */
function oldCookieOf({ secrets, visitor }: Setting): string {
  const codec = new SignedCodec(new KeyRing([Buffer.from(secrets.at(-1) ?? '')], 'HS256', 'session'));
  const iat = Math.floor(Date.now() / 1000);
  return `session=${codec.seal({ jti: newSessionId(), iat, exp: iat + MAX_AGE }, JSON.stringify(visitor))}`;
}

/** A browser's other cookies around ours. */
function among(count: number, cookies: string): string {
  const others = Array.from({ length: count }, (_, index) => `other${index}=${'v'.repeat(24)}`);
  return [...others.slice(count >> 1), cookies, ...others.slice(0, count >> 1)].join('; ');
}
