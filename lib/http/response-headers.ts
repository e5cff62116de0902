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
 * Keeps a response with a session cookie out of shared caches (RFC 9111 §3, §7.3), and out of all of them unless the
 * application has set Cache-Control.
 *
 * @returns `prevented`: set or completed here; `decided`: set by the application; `public`: set by the application so that
 * shared caches may store the response with its cookie
 */
export function preventCaching(headers: OutgoingHeaders): 'prevented' | 'decided' | 'public' {
  const cacheControl = listOf(headers.getHeader('Cache-Control')).join(', ');
  if (cacheControl === '') {
    headers.setHeader('Cache-Control', 'private, no-store');
    return 'prevented';
  }
  const directives = directivesOf(cacheControl);
  if (directives.has('private') || directives.has('no-store')) return 'decided';
  if (directives.has('public') || directives.has('s-maxage')) return 'public';
  headers.setHeader('Cache-Control', `${cacheControl}, private`);
  return 'prevented';
}

/** A directive with its value: a token or a quoted text, in which a comma does not separate (RFC 9111 §5.2). */
const DIRECTIVE = /([^\s,="]+)(?:[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"|[^\s,"]*))?/g;

/** The names of the directives. `private="x"` is left out: it keeps only those fields out of shared caches. */
function directivesOf(cacheControl: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, name = '', value] of cacheControl.matchAll(DIRECTIVE)) {
    if (value === undefined || name.toLowerCase() !== 'private') names.add(name.toLowerCase());
  }
  return names;
}

function listOf(value: HeaderValue): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [String(value)];
}
