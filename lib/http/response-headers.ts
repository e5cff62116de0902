import type { HeaderValue, OutgoingHeaders } from './outgoing-headers.js';

/** Adds Set-Cookie lines to those of the application, without duplicates. */
export function appendSetCookie(headers: OutgoingHeaders, lines: readonly string[]): void {
  const present = listOf(headers.getHeader('Set-Cookie'));
  const all = [...present, ...lines.filter((line) => !present.includes(line))];
  const [only] = all;
  // A single line as a string, as usual: tests with Fastify's inject() see the value as it was set.
  headers.setHeader('Set-Cookie', all.length === 1 && only !== undefined ? only : all);
}

/** Adds `Cookie` to Vary (RFC 9110 §12.5.5), unless it has `Cookie` or `*`. */
export function varyByCookie(headers: OutgoingHeaders): void {
  const present = headers.getHeader('Vary');
  if (present === undefined) return void headers.setHeader('Vary', 'Cookie');
  const vary = listOf(present).join(', ');
  if (/(?:^|,)[ \t]*(?:\*|cookie)[ \t]*(?:,|$)/i.test(vary)) return;
  headers.setHeader('Vary', vary === '' ? 'Cookie' : `${vary}, Cookie`);
}

/**
 * Keeps a response with a session cookie out of caches (RFC 9111 §7.3), unless the application has set Cache-Control.
 *
 * @returns `prevented`: set here; `decided`: set by the application; `public`: set by the application so that shared
 * caches may store the response with its cookie
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
