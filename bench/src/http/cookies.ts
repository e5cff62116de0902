/** As long as that of a session, so that reading headers costs the same without one. */
export const OTHER_COOKIE = `other=${'x'.repeat(300)}`;

/** What a client sends after a response with these Set-Cookie lines. */
export function cookiesOf(lines: readonly string[]): string {
  return lines.length === 0 ? OTHER_COOKIE : lines.map((line) => line.split(';', 1)[0]).join('; ');
}
