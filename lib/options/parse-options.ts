import { isLifetime } from '../codec/lifetime.js';
import { MAX_CHUNKS } from '../cookie/chunks.js';
import { isPlainObject } from '../data/session-data.js';
import type { ForeignFormat } from '../interop/foreign-format.js';
import { quote } from '../data/quote.js';
import { optionError } from '../rules/option-error.js';
import {
  ANYTHING,
  checkOptions,
  COOKIE_NAME,
  FLAG,
  FUNCTION,
  LIFETIME,
  matches,
  oneOf,
  type Rule,
  type RuleTable,
} from '../rules/check-options.js';
import { SessionError } from '../session.errors.js';
import { DEFAULTS, type SessionModuleOptions } from './session.options.js';
import { STORE } from './store-options.js';

/** The options with their defaults filled in. */
export type ParsedOptions = SessionModuleOptions & {
  readonly [K in keyof typeof DEFAULTS]: NonNullable<SessionModuleOptions[K]>;
};

/** RFC 6265 §4.1.1. */
const PATH: Rule = [
  matches(/^\/[ -:=-~]{0,1023}$/),
  'Give a path that starts with "/", has neither ";" nor "<" and at most 1024 characters.',
];

/** RFC 1034 §3.5. */
const DOMAIN: Rule = [
  matches(/^(?=.{1,253}$)\.?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i),
  'Give a host name such as "example.org".',
];

/** The rules of options that may be a function of the request, for what it returns. */
const BY_REQUEST = {
  domain: DOMAIN,
  secure: oneOf(true, false, 'auto'),
  sameSite: oneOf('lax', 'strict', 'none'),
} satisfies Partial<RuleTable<SessionModuleOptions>>;

/** The rule of each option. */
const RULES: RuleTable<SessionModuleOptions> = {
  secretKey: ANYTHING, // checked by parseSecrets
  cookieName: COOKIE_NAME,
  maxAge: LIFETIME,
  absoluteMaxAge: LIFETIME,
  rolling: FLAG,
  expireOnBrowserClose: FLAG,
  sameSite: byRequest(BY_REQUEST.sameSite),
  httpOnly: FLAG,
  path: PATH,
  domain: byRequest(BY_REQUEST.domain),
  formerly: [isScopes, 'Give a list such as [{ domain: "example.org", path: "/" }].'],
  partitioned: FLAG,
  priority: oneOf('low', 'medium', 'high'),
  secure: byRequest(BY_REQUEST.secure),
  encrypt: FLAG,
  codec: [isForeign, 'Give a format of nestjs-sessions/interop.'],
  accept: [
    (value) =>
      Array.isArray(value) && value.every((each) => each === 'signed' || each === 'encrypted' || isForeign(each)),
    'Give a list of "signed", "encrypted" and formats of nestjs-sessions/interop.',
  ],
  cookieCount: [
    (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_CHUNKS,
    `Give a whole number from 1 to ${MAX_CHUNKS}.`,
  ],
  rememberVerified: FLAG,
  currentSession: FLAG,
  serializer: [isSerializer, 'Give an object with the functions stringify and parse.'],
  schema: [isSchema, 'Give a schema that implements Standard Schema, such as one of zod or valibot.'],
  cacheHeaders: FLAG,
  store: STORE,
  onAccept: FUNCTION,
  onReject: FUNCTION,
  onCreate: FUNCTION,
  onRenew: FUNCTION,
  onDestroy: FUNCTION,
  onSaveFailed: FUNCTION,
};

/**
 * Checks each option, then their combinations, and fills in the defaults.
 *
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN` or `ERR_SESSION_OPTION_INVALID`, naming the option and the remedy
 */
export function parseOptions(options: SessionModuleOptions): ParsedOptions {
  if (typeof options !== 'object' || options === null) {
    throw new SessionError(
      'ERR_SESSION_OPTION_INVALID',
      'Cannot configure sessions: the options are not an object. Give at least { secretKey }.',
    );
  }
  const checked = checkOptions(options, RULES, sessionOption);
  const parsed = Object.assign(Object.create(null), DEFAULTS, checked) as ParsedOptions;
  checkCookie(knownAtStart(parsed));
  checkCodec(parsed, checked);
  for (const format of parsed.accept) if (typeof format === 'object') checkTime('accept', format);
  return parsed;
}

/**
 * Checks what the function of an option has returned, as a constant is checked at start.
 *
 * @throws SessionError `ERR_SESSION_OPTION_INVALID`
 */
export function checkReturned(name: keyof typeof BY_REQUEST, value: unknown): void {
  const [isMet, remedy] = BY_REQUEST[name];
  if (!isMet(value)) throw invalidOption(name, 'its function returned a value that is not possible', remedy);
}

/** Names an option of the module in errors. */
export function sessionOption(name: string): string {
  return `the session option ${quote(name)}`;
}

/** The error for an impossible option: *Cannot use the session option "…": why. What to do.* */
export function invalidOption(name: string, why: string, remedy: string): SessionError {
  return optionError('ERR_SESSION_OPTION_INVALID', sessionOption(name), why, remedy);
}

/** Attributes that are known: a function counts as a value that every cookie may have. */
function knownAtStart(options: ParsedOptions): CookieOptions {
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

/**
 * A foreign format has its own secret, encoding and times: options of our token would have no effect.
 *
 * @param given the options without their defaults
 */
function checkCodec(parsed: ParsedOptions, given: SessionModuleOptions): void {
  const { codec, store, encrypt, cookieCount, serializer, absoluteMaxAge, rolling } = parsed;
  if (codec === undefined) return;
  if (codec.write === undefined) {
    throw invalidOption('codec', `the format ${quote(codec.format)} can only be read`, 'List it in accept instead.');
  }
  const why = `the codec ${quote(codec.format)} decides how the cookie is made`;
  if (store !== undefined) throw invalidOption('store', why, 'Leave it out, or list the codec in accept.');
  if (encrypt) throw invalidOption('encrypt', why, 'Leave it out.');
  if (cookieCount > 1) throw invalidOption('cookieCount', why, 'Leave it out.');
  if (serializer !== undefined) throw invalidOption('serializer', why, 'Leave it out.');
  if (absoluteMaxAge !== undefined) {
    const noCreation = `cookies of "${codec.format}" do not say when their session was created`;
    throw invalidOption('absoluteMaxAge', noCreation, 'Leave it out, or use a format of ours.');
  }
  checkTime('codec', codec);
  if (codec.isTimeless !== true) return;
  const noTime = `cookies of "${codec.format}" do not say when they were issued`;
  const remedy = 'Leave it out: acceptUntil of the format says how long they are accepted.';
  if (given.maxAge !== undefined) throw invalidOption('maxAge', noTime, remedy);
  if (rolling) throw invalidOption('rolling', noTime, remedy);
}

/** A stolen cookie without a time would be accepted for as long as the secret is in use. */
function checkTime(option: 'codec' | 'accept', { format, isTimeless, acceptUntil }: ForeignFormat): void {
  if (isTimeless !== true || acceptUntil !== undefined) return;
  const why = `cookies of "${format}" do not say when they end`;
  throw invalidOption(option, why, 'Give the format acceptUntil, the time from which on none is accepted.');
}

/** A function is possible too: what it returns is checked for each request. */
function byRequest([isMet, remedy]: Rule): Rule {
  return [(value) => typeof value === 'function' || isMet(value), remedy];
}

function isScopes(value: unknown): boolean {
  const rules = new Map([
    ['domain', DOMAIN],
    ['path', PATH],
  ]);
  const isScope = (scope: unknown) =>
    isPlainObject(scope) &&
    Object.entries(scope).every(([key, part]) => part === undefined || rules.get(key)?.[0](part) === true);
  return Array.isArray(value) && value.every(isScope);
}

/** An object or a class: the functions of superjson are static members. */
function isSerializer(value: unknown): boolean {
  return hasMembers(value) && typeof value.stringify === 'function' && typeof value.parse === 'function';
}

/** An object or a function: schemas of arktype are functions. */
function isSchema(value: unknown): boolean {
  if (!hasMembers(value)) return false;
  const standard = value['~standard'];
  return hasMembers(standard) && typeof standard.validate === 'function';
}

function isForeign(value: unknown): value is ForeignFormat {
  if (!hasMembers(value) || typeof value.format !== 'string' || typeof value.open !== 'function') return false;
  const { cookieName, companions = [], acceptUntil = 0, maxAge = 1 } = value;
  return (
    (cookieName === undefined || COOKIE_NAME[0](cookieName)) &&
    Array.isArray(companions) &&
    companions.every((suffix) => COOKIE_NAME[0](suffix)) &&
    Number.isFinite(acceptUntil) &&
    isLifetime(maxAge)
  );
}

function hasMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
