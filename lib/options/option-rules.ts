import { MAX_CHUNKS } from '../cookie/chunks.js';
import { isLifetime, LONGEST_LIFETIME } from '../codec/lifetime.js';
import type { ForeignFormat } from '../interop/foreign-format.js';
import { SessionError } from '../session.errors.js';
import { DEFAULTS, type SessionModuleOptions } from './session.options.js';

/** The options with every default in place. */
export type ParsedOptions = SessionModuleOptions & {
  readonly [K in keyof typeof DEFAULTS]: NonNullable<SessionModuleOptions[K]>;
};

type Rule = readonly [isMet: (value: unknown) => boolean, remedy: string];

const oneOf = (...values: readonly unknown[]): Rule => [
  (value) => values.includes(value),
  `Give ${values.map((value) => JSON.stringify(value)).join(' or ')}.`,
];
const LIFETIME: Rule = [isLifetime, `Give a whole number of seconds from 1 to ${LONGEST_LIFETIME}.`];
const FLAG = oneOf(true, false);

/** What each option may be by itself. RFC 6265 §4.1.1 for name and path, RFC 1034 §3.5 for the domain. */
const RULES = {
  secretKey: [() => true, ''],
  cookieName: [
    matches(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/),
    "Use at most 128 letters, digits and !#$%&'*+-.^_`|~ only.",
  ],
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
  serializer: [isSerializer, 'Give an object with the functions stringify and parse.'],
  schema: [isSchema, 'Give a schema that implements Standard Schema, such as one of zod or valibot.'],
  cacheHeaders: FLAG,
  onAccept: [(value) => typeof value === 'function', 'Give a function.'],
  onReject: [(value) => typeof value === 'function', 'Give a function.'],
} satisfies Record<keyof SessionModuleOptions, Rule>;

/**
 * Checks the options, each by itself and then together, and fills in the defaults.
 *
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN` or `ERR_SESSION_OPTION_INVALID`, naming option and remedy
 */
export function parseOptions(options: SessionModuleOptions): ParsedOptions {
  if (typeof options !== 'object' || options === null) {
    throw new SessionError(
      'ERR_SESSION_OPTION_INVALID',
      'Cannot configure sessions: the options are not an object. Give at least { secretKey }.',
    );
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!isOption(name)) throw unknownOption(name);
    const [isMet, remedy] = RULES[name];
    if (!isMet(value)) throw invalidOption(name, 'its value is not possible', remedy);
  }
  // Without a prototype: what Object.prototype was polluted with is no option.
  const complete = Object.assign(Object.create(null), DEFAULTS, Object.fromEntries(given)) as ParsedOptions;
  checkCookie(complete);
  checkCodec(complete);
  return complete;
}

/** An option that cannot be meant: *Cannot use the option …: why. What to do.* */
export function invalidOption(name: keyof SessionModuleOptions, why: string, remedy: string): SessionError {
  return new SessionError('ERR_SESSION_OPTION_INVALID', `Cannot use the session option "${name}": ${why}. ${remedy}`);
}

/** Browsers drop a cookie that breaks one of these without a word (RFC 6265bis §4.1.3, §5.7; CHIPS). */
function checkCookie({ cookieName, secure, path, domain, sameSite, partitioned }: ParsedOptions): void {
  const name = cookieName.toLowerCase();
  const onlySecure = 'Set secure: true; a browser takes localhost for secure.';
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

/** A foreign format has its own secret and bytes: options that are about ours would not do what they say. */
function checkCodec({ codec, encrypt, cookieCount, serializer }: ParsedOptions): void {
  if (codec === undefined) return;
  if (codec.write === undefined) {
    throw invalidOption('codec', `the format "${codec.format}" can only be read`, 'List it in accept instead.');
  }
  const why = `the codec "${codec.format}" decides how the cookie is made`;
  if (encrypt) throw invalidOption('encrypt', why, 'Leave it out.');
  if (cookieCount > 1) throw invalidOption('cookieCount', why, 'Leave it out.');
  if (serializer !== undefined) throw invalidOption('serializer', why, 'Leave it out.');
}

function isOption(name: string): name is keyof SessionModuleOptions {
  return Object.hasOwn(RULES, name);
}

function unknownOption(name: string): SessionError {
  return new SessionError(
    'ERR_SESSION_OPTION_UNKNOWN',
    `Cannot use the session option ${JSON.stringify(name)}: there is none of that name. ` +
      `The options are ${Object.keys(RULES).join(', ')}.`,
  );
}

function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value);
}

/** An object or a class: superjson has its functions as static members of one. */
function isSerializer(value: unknown): boolean {
  return hasMembers(value) && typeof value.stringify === 'function' && typeof value.parse === 'function';
}

/** An object or a function: the schemas of arktype are functions. */
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
