import type { HeaderValue, OutgoingHeaders } from './outgoing-headers.js';

/** Adds Set-Cookie lines to those of the application, none of them twice. */
export function appendSetCookie(headers: OutgoingHeaders, lines: readonly string[]): void {
  const present = listOf(headers.getHeader('Set-Cookie'));
  const all = [...present, ...lines.filter((line) => !present.includes(line))];
  const [only] = all;
  // One line as a string, as others set it: Fastify's inject() shows it to tests the way it was set.
  headers.setHeader('Set-Cookie', all.length === 1 && only !== undefined ? only : all);
}

/** Says that the response depends on the cookie (RFC 9110 §12.5.5). Merges, never doubles, leaves `*` alone. */
export function varyByCookie(headers: OutgoingHeaders): void {
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
export function preventCaching(headers: OutgoingHeaders): 'prevented' | 'decided' | 'public' {
  const cacheControl = listOf(headers.getHeader('Cache-Control')).join(', ');
  if (cacheControl === '') {
    headers.setHeader('Cache-Control', 'private, no-store');
    return 'prevented';
  }
  return /(?:^|,)\s*(?:public|s-maxage)\b/i.test(cacheControl) ? 'public' : 'decided';
}

function listOf(value: HeaderValue): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [String(value)];
}
