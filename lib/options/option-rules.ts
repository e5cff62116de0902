import { isLifetime } from '../codec/lifetime.js';
import { MAX_CHUNKS } from '../cookie/chunks.js';
import { isPlainObject } from '../data/session-data.js';
import type { ForeignFormat } from '../interop/foreign-format.js';
import {
  ANYTHING,
  COOKIE_NAME,
  FLAG,
  FUNCTION,
  LIFETIME,
  matches,
  oneOf,
  type Rule,
  type RuleTable,
} from '../rules/check-options.js';
import { invalidOption } from './option-errors.js';
import type { SessionModuleOptions } from './session.options.js';
import { STORE } from './store-options.js';

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
export const RULES: RuleTable<SessionModuleOptions> = {
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
 * Checks what the function of an option has returned, as a constant is checked at start.
 *
 * @throws SessionError `ERR_SESSION_OPTION_INVALID`
 */
export function checkReturned(name: keyof typeof BY_REQUEST, value: unknown): void {
  const [isMet, remedy] = BY_REQUEST[name];
  if (!isMet(value)) throw invalidOption(name, 'its function returned a value that is not possible', remedy);
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
