import { MAX_CHUNKS } from '../cookie/chunks.js';
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
  type RuleTable,
} from '../rules/check-options.js';
import { SessionError } from '../session.errors.js';
import { DEFAULTS, type SessionModuleOptions } from './session.options.js';

/** The options with their defaults filled in. */
export type ParsedOptions = SessionModuleOptions & {
  readonly [K in keyof typeof DEFAULTS]: NonNullable<SessionModuleOptions[K]>;
};

/** The rule of each option. Paths by RFC 6265 §4.1.1, domains by RFC 1034 §3.5. */
const RULES: RuleTable<SessionModuleOptions> = {
  secretKey: ANYTHING, // checked by parseSecrets
  cookieName: COOKIE_NAME,
  maxAge: LIFETIME,
  absoluteMaxAge: LIFETIME,
  rolling: FLAG,
  expireOnBrowserClose: FLAG,
  sameSite: oneOf('lax', 'strict', 'none'),
  httpOnly: FLAG,
  path: [
    matches(/^\/[ -:=-~]{0,1023}$/),
    'Give a path that starts with "/", has neither ";" nor "<" and at most 1024 characters.',
  ],
  domain: [
    matches(/^(?=.{1,253}$)\.?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i),
    'Give a host name such as "example.org".',
  ],
  partitioned: FLAG,
  priority: oneOf('low', 'medium', 'high'),
  secure: oneOf(true, false, 'auto'),
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
  serializer: [isSerializer, 'Give an object with the functions stringify and parse.'],
  schema: [isSchema, 'Give a schema that implements Standard Schema, such as one of zod or valibot.'],
  cacheHeaders: FLAG,
  onAccept: FUNCTION,
  onReject: FUNCTION,
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
  checkCookie(parsed);
  checkCodec(parsed);
  return parsed;
}

/** Names an option of the module in errors. */
export function sessionOption(name: string): string {
  return `the session option ${quote(name)}`;
}

/** The error for an impossible option: *Cannot use the session option "…": why. What to do.* */
export function invalidOption(name: string, why: string, remedy: string): SessionError {
  return optionError('ERR_SESSION_OPTION_INVALID', sessionOption(name), why, remedy);
}

/** Browsers silently drop a cookie that breaks one of these rules (RFC 6265bis §4.1.3, §5.7; CHIPS). */
function checkCookie({ cookieName, secure, path, domain, sameSite, partitioned }: ParsedOptions): void {
  const name = cookieName.toLowerCase();
  const onlySecure =
    'Set secure: true. Chrome and Firefox accept such a cookie from http://localhost too; Safari does not.';
  if (name.startsWith('__host-')) {
    if (domain !== undefined) throw invalidOption('domain', 'a "__Host-" cookie has none', 'Leave it out.');
    if (path !== '/') throw invalidOption('path', 'a "__Host-" cookie has the path "/"', 'Leave it out.');
  }
  if (secure === true) return;
  if (/^__(?:host|secure)-/.test(name)) {
    throw invalidOption('cookieName', 'its prefix is for cookies that are always Secure', onlySecure);
  }
  if (sameSite === 'none') throw invalidOption('sameSite', '"none" is for cookies that are always Secure', onlySecure);
  if (partitioned) throw invalidOption('partitioned', 'it is for cookies that are always Secure', onlySecure);
}

/** A foreign format has its own secret and encoding: options of our token would have no effect. */
function checkCodec({ codec, encrypt, cookieCount, serializer }: ParsedOptions): void {
  if (codec === undefined) return;
  if (codec.write === undefined) {
    throw invalidOption('codec', `the format ${quote(codec.format)} can only be read`, 'List it in accept instead.');
  }
  const why = `the codec ${quote(codec.format)} decides how the cookie is made`;
  if (encrypt) throw invalidOption('encrypt', why, 'Leave it out.');
  if (cookieCount > 1) throw invalidOption('cookieCount', why, 'Leave it out.');
  if (serializer !== undefined) throw invalidOption('serializer', why, 'Leave it out.');
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
  return hasMembers(value) && typeof value.format === 'string' && typeof value.open === 'function';
}

function hasMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
