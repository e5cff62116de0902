import type { LeavingHeaders } from './outgoing-headers.js';

/** Adds Set-Cookie lines beside those that the application has set itself; a line that is there is not doubled. */
export function appendSetCookie(headers: LeavingHeaders, lines: readonly string[]): void {
  const present = listOf(headers.getHeader('Set-Cookie'));
  headers.setHeader('Set-Cookie', [...present, ...lines.filter((line) => !present.includes(line))]);
}

/** Says that the response depends on the cookie (RFC 9110 §12.5.5). Merges, never doubles, leaves `*` alone. */
export function varyByCookie(headers: LeavingHeaders): void {
  const before = headers.getHeader('Vary');
  if (before === undefined) return void headers.setHeader('Vary', 'Cookie');
  const vary = listOf(before).join(', ');
  if (/(?:^|,)[ \t]*(?:\*|cookie)[ \t]*(?:,|$)/i.test(vary)) return;
  headers.setHeader('Vary', vary === '' ? 'Cookie' : `${vary}, Cookie`);
}

/**
 * Keeps a response with a session cookie out of caches (RFC 9111 §7.3), unless the application has decided itself.
 * @returns whether the application allows shared caches to store the response, cookie and all
 */
export function preventCaching(headers: LeavingHeaders): 'prevented' | 'decided' | 'public' {
  const cacheControl = listOf(headers.getHeader('Cache-Control')).join(', ');
  if (cacheControl === '') {
    headers.setHeader('Cache-Control', 'private, no-store');
    return 'prevented';
  }
  return /(?:^|,)\s*(?:public|s-maxage)\b/i.test(cacheControl) ? 'public' : 'decided';
}

function listOf(value: number | string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [String(value)];
}
