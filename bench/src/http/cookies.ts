/** Which Cookie header a request has: that of a browser after the log-in, or what is made of it. */
export type CookieHeader = 'usual' | 'tampered' | 'expired' | 'none of ours' | 'junk' | { readonly others: number };

/** As long as that of a session, so that reading headers costs the same without one. */
const OTHER_COOKIE = `other=${'x'.repeat(300)}`;

/** What a browser sends after a response with these Set-Cookie lines. */
export function cookiesOf(lines: readonly string[]): string {
  return lines.length === 0 ? OTHER_COOKIE : lines.map((line) => line.split(';', 1)[0]).join('; ');
}

/** @param cookies as a browser sends them */
export function cookieHeaderOf(cookies: string, header: CookieHeader = 'usual'): string {
  switch (header) {
    case 'usual':
    case 'expired': // It came from a log-in long ago.
      return cookies;
    case 'tampered':
      // The last character but one: the last one has spare bits.
      return cookies.replace(/(.)(.)$/, (_, one: string, last: string) => `${one === 'A' ? 'B' : 'A'}${last}`);
    case 'none of ours':
      return OTHER_COOKIE;
    case 'junk':
      return `session=${'x'.repeat(16 * 1024)}`;
    default:
      return among(header.others, cookies);
  }
}

/** A browser's other cookies around ours. */
function among(count: number, cookies: string): string {
  const others = Array.from({ length: count }, (_, index) => `other${index}=${'v'.repeat(24)}; `);
  return `${others.slice(count >> 1).join('')}${cookies}; ${others.slice(0, count >> 1).join('')}`;
}
