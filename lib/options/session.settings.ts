import { maxHeaderSize } from 'node:http';
import { type DataFormat, JSON_FORMAT, serializerFormat } from '../data/data-format.js';
import { EncryptedCodec } from '../codec/encrypted.codec.js';
import { KeyRing } from '../crypto/key-ring.js';
import { Lifetime } from '../codec/lifetime.js';
import { SignedCodec } from '../codec/signed.codec.js';
import { VerifiedTokens } from '../codec/verified-tokens.js';
import { type CookieLimits, SessionCookie } from '../cookie/session-cookie.js';
import { type CookieAttributes, MAX_COOKIE_SIZE } from '../cookie/set-cookie.js';
import { ForeignCookie } from '../transport/foreign-cookie.js';
import type { ForeignFormat } from '../interop/foreign-format.js';
import type { SessionTransport } from '../transport/session-transport.js';
import { TokenCookie } from '../transport/token-cookie.js';
import { DEFAULT_NAME, type CookieFormat, type SessionModuleOptions } from './session.options.js';
import { parseOptions, type ParsedOptions } from './parse-options.js';
import { parseSecrets } from './secrets.js';

/** The options as the rest of the package uses them: checked, complete and frozen, with keys instead of secrets. */
export interface SessionSettings {
  /** Name of the session. @default 'default' */
  readonly name: string;
  readonly cookieName: string;
  /** The first transport writes, all of them read. */
  readonly transports: readonly [own: SessionTransport, ...accepted: SessionTransport[]];
  /** How the data is serialized. */
  readonly format: DataFormat;
  readonly lifetime: Lifetime;
  readonly secure: boolean | 'auto';
  readonly expireOnBrowserClose: boolean;
  readonly cacheHeaders: boolean;
  readonly schema: SessionModuleOptions['schema'];
  readonly onAccept: SessionModuleOptions['onAccept'];
  readonly onReject: SessionModuleOptions['onReject'];
}

/** The injection token of the settings. */
export const SESSION_SETTINGS = Symbol('SESSION_SETTINGS');

/** Bytes reserved for a request's other headers, of those that Node reads. */
const OTHER_HEADERS_SIZE = 4096;

/** Settings that were resolved already: `forRoot` does that at once, so that nothing keeps the secret. */
const resolved = new WeakSet<object>();

/**
 * Turns options into settings; settings are returned as they are.
 *
 * @param name as in `SessionModule.forRoot({ name })`
 * @throws SessionError at start, for impossible options; its message names the option and the remedy
 */
export function resolveSettings(
  given: SessionModuleOptions | SessionSettings,
  name: string = DEFAULT_NAME,
): SessionSettings {
  if (isResolved(given)) return given;
  const options = parseOptions(given);
  const { cookieName, secure, expireOnBrowserClose, cacheHeaders, schema, onAccept, onReject, serializer } = options;
  const format = serializer === undefined ? JSON_FORMAT : serializerFormat(serializer);
  const settings: SessionSettings = Object.freeze({
    name,
    cookieName,
    transports: transportsOf(options, format),
    format,
    lifetime: new Lifetime(options),
    secure,
    expireOnBrowserClose,
    cacheHeaders,
    schema,
    onAccept,
    onReject,
  });
  resolved.add(settings);
  return settings;
}

function isResolved(given: SessionModuleOptions | SessionSettings): given is SessionSettings {
  return typeof given === 'object' && given !== null && resolved.has(given);
}

function transportsOf(options: ParsedOptions, format: DataFormat): SessionSettings['transports'] {
  const { secretKey, cookieName, encrypt, codec, accept, cookieCount, maxAge, rememberVerified } = options;
  const secrets = parseSecrets(secretKey);
  const attributes = attributesOf(options);
  const cookie = new SessionCookie(cookieName, attributes, limitsOf(cookieCount));
  const memory = <T>() => (rememberVerified ? new VerifiedTokens<T>() : undefined);
  const codecs = {
    signed: () => new SignedCodec(new KeyRing(secrets, 'HS256', cookieName)),
    encrypted: () => new EncryptedCodec(new KeyRing(secrets, 'A256GCM', cookieName)),
  };
  const transportOf = (each: CookieFormat | ForeignFormat) =>
    typeof each === 'string'
      ? new TokenCookie(each, codecs[each](), cookie, format, memory())
      : new ForeignCookie(each, cookieName, attributes, maxAge, memory());
  const own = codec ?? (encrypt ? 'encrypted' : 'signed');
  const accepted = new Set(accept.filter((each) => each !== own));
  try {
    return [transportOf(own), ...[...accepted].map(transportOf)];
  } finally {
    // The keys are derived; nothing needs the secrets any more.
    for (const secret of secrets) secret.fill(0);
  }
}

function attributesOf({ path, httpOnly, sameSite, partitioned, domain, priority }: ParsedOptions): CookieAttributes {
  return {
    path,
    httpOnly,
    sameSite,
    partitioned,
    ...(domain !== undefined && { domain }),
    ...(priority !== undefined && { priority }),
  };
}

/** All cookies return in one request, and must fit into the headers that Node reads: otherwise it answers 431. */
function limitsOf(count: number): CookieLimits {
  const readable = Math.max(maxHeaderSize - OTHER_HEADERS_SIZE, MAX_COOKIE_SIZE);
  return { count, size: Math.min(count * MAX_COOKIE_SIZE, readable) };
}
