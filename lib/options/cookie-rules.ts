import type { ForeignFormat } from '../interop/foreign-format.js';
import { DEFAULTS, type ParsedOptions } from './defaults.js';
import { invalidOption } from './option-errors.js';

/** Attributes that are known: a function counts as a value that every cookie may have. */
export function knownAtStart(options: ParsedOptions): CookieOptions {
  const { cookieName, path, partitioned, httpOnly, codec, accept, formerly, domain, secure, sameSite } = options;
  return {
    cookieName,
    path,
    partitioned,
    httpOnly,
    codec,
    accept,
    formerly,
    // No "__Host-" cookie has a domain: so a function has none to return either.
    domain: typeof domain === 'function' ? '*' : domain,
    secure: typeof secure === 'function' ? true : secure,
    sameSite: typeof sameSite === 'function' ? DEFAULTS.sameSite : sameSite,
  };
}

/** The options of a cookie, as they are for one request. */
type CookieOptions = Pick<
  ParsedOptions,
  'cookieName' | 'path' | 'partitioned' | 'httpOnly' | 'codec' | 'accept' | 'formerly'
> & {
  readonly domain?: string | undefined;
  readonly secure: boolean | 'auto';
  readonly sameSite: 'lax' | 'strict' | 'none';
};

/**
 * Browsers silently drop a cookie that breaks one of these rules, and a deletion too (RFC 6265bis §4.1.3, §5.7; CHIPS).
 *
 * @throws SessionError `ERR_SESSION_OPTION_INVALID`
 */
export function checkCookie(options: CookieOptions): void {
  const { cookieName, codec, accept, secure, sameSite, partitioned } = options;
  checkPrefix('cookieName', 'its prefix', cookieName, options);
  if (codec !== undefined) checkForeignPrefix('codec', codec, options);
  for (const format of accept) if (typeof format === 'object') checkForeignPrefix('accept', format, options);
  if (secure === true) return;
  if (sameSite === 'none') throw invalidOption('sameSite', '"none" is for cookies that are always Secure', ONLY_SECURE);
  if (partitioned) throw invalidOption('partitioned', 'it is for cookies that are always Secure', ONLY_SECURE);
}

const ONLY_SECURE =
  'Set secure: true. Chrome and Firefox accept such a cookie from http://localhost too; Safari does not.';

function checkForeignPrefix(option: string, { format, cookieName }: ForeignFormat, options: CookieOptions): void {
  if (cookieName === undefined) return;
  checkPrefix(option, `the prefix of the cookie ${JSON.stringify(cookieName)} of "${format}"`, cookieName, options);
}

function checkPrefix(option: string, prefix: string, cookieName: string, options: CookieOptions): void {
  const { secure, path, domain, httpOnly, formerly } = options;
  const name = cookieName.toLowerCase();
  if (name.startsWith('__host-')) {
    if (domain !== undefined) throw invalidOption('domain', 'a "__Host-" cookie has none', 'Leave it out.');
    if (path !== '/') throw invalidOption('path', 'a "__Host-" cookie has the path "/"', 'Leave it out.');
    if (formerly.length > 0) throw invalidOption('formerly', 'a "__Host-" cookie has no other scope', 'Leave it out.');
  }
  if (/^__(?:host-)?http-/.test(name) && !httpOnly) {
    throw invalidOption('httpOnly', 'a "__Http-" cookie is hidden from scripts', 'Leave it out.');
  }
  if (secure !== true && /^__(?:host|secure|http)-/.test(name)) {
    throw invalidOption(option, `${prefix} is for cookies that are always Secure`, ONLY_SECURE);
  }
}
