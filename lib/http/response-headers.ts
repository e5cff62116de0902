import type { ServerResponse } from 'node:http';

/** Adds Set-Cookie lines beside those that the application has set itself. */
export function appendSetCookie(response: ServerResponse, lines: readonly string[]): void {
  response.setHeader('Set-Cookie', [...listOf(response.getHeader('Set-Cookie')), ...lines]);
}

/** Says that the response depends on the cookie (RFC 9110 §12.5.5). Merges, never doubles, leaves `*` alone. */
export function varyByCookie(response: ServerResponse): void {
  const vary = listOf(response.getHeader('Vary')).join(', ');
  if (/(?:^|,)[ \t]*(?:\*|cookie)[ \t]*(?:,|$)/i.test(vary)) return;
  response.setHeader('Vary', vary === '' ? 'Cookie' : `${vary}, Cookie`);
}

/**
 * Keeps a response with a session cookie out of caches (RFC 9111 §7.3), unless the application has decided itself.
 * @returns whether the application allows shared caches to store the response, cookie and all
 */
export function preventCaching(response: ServerResponse): 'prevented' | 'decided' | 'public' {
  const cacheControl = listOf(response.getHeader('Cache-Control')).join(', ');
  if (cacheControl === '') {
    response.setHeader('Cache-Control', 'private, no-store');
    return 'prevented';
  }
  return /(?:^|,)\s*(?:public|s-maxage)\b/i.test(cacheControl) ? 'public' : 'decided';
}

function listOf(value: number | string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [String(value)];
}
