import { EncryptedCodec } from '../codec/encrypted.codec.js';
import { SignedCodec } from '../codec/signed.codec.js';
import { VerifiedTokens } from '../codec/verified-tokens.js';
import { SessionCookie } from '../cookie/session-cookie.js';
import type { CookieAttributes } from '../cookie/set-cookie.js';
import { KeyRing, type Secrets } from '../crypto/key-ring.js';
import type { DataFormat } from '../data/data-format.js';
import type { ForeignFormat } from '../interop/foreign-format.js';
import { ForeignCookie } from '../transport/foreign-cookie.js';
import type { SessionTransport } from '../transport/session-transport.js';
import { TokenCookie } from '../transport/token-cookie.js';
import type { ParsedOptions } from './defaults.js';
import type { SharedLimits } from './header-budget.js';
import { invalidOption } from './option-errors.js';
import type { CookieFormat } from './session.options.js';

/** The ways in which sessions travel: the first transport writes, all of them read. */
export type Transports = readonly [own: SessionTransport, ...accepted: SessionTransport[]];

/**
 * Makes the transports that the options ask for.
 * @throws SessionError `ERR_SESSION_OPTION_INVALID` where cookies of two formats would share a name
 */
export function transportsOf(
  options: ParsedOptions,
  secrets: Secrets,
  format: DataFormat,
  limits: SharedLimits,
): Transports {
  const { cookieName, encrypt, codec, accept, formerly, maxAge, rememberVerified } = options;
  const attributes = attributesOf(options);
  const cookie = new SessionCookie(cookieName, attributes, limits, formerly);
  const memory = <T>() => (rememberVerified ? new VerifiedTokens<T>() : undefined);
  const codecs = {
    signed: () => new SignedCodec(new KeyRing(secrets, 'HS256', cookieName)),
    encrypted: () => new EncryptedCodec(new KeyRing(secrets, 'A256GCM', cookieName)),
  };
  const transportOf = (each: CookieFormat | ForeignFormat) =>
    typeof each === 'string'
      ? new TokenCookie(each, codecs[each](), cookie, format, memory())
      : new ForeignCookie(each, { cookieName, attributes, formerly, maxAge, limits }, memory());
  const own = codec ?? (encrypt ? 'encrypted' : 'signed');
  const accepted = new Set(accept.filter((each) => each !== own));
  const transports = [transportOf(own), ...[...accepted].map(transportOf)] as const;
  checkNames(transports);
  return transports;
}

/** One cookie may come in several formats, but a part of one cookie cannot be another cookie as well. */
function checkNames(transports: readonly SessionTransport[]): void {
  for (const [index, { names, format }] of transports.entries()) {
    const rival = transports.slice(0, index).find((other) => other.names[0] !== names[0] && share(other.names, names));
    if (rival === undefined) continue;
    const why = `the cookies of "${format}" and "${rival.format}" have names in common`;
    throw invalidOption('accept', why, 'Give one of them another cookieName.');
  }
}

/** Whether two lists of names have one in common. */
export function share(names: readonly string[], others: readonly string[]): boolean {
  return names.some((name) => others.includes(name));
}

/** The attributes that are the same for each request. */
function attributesOf(options: ParsedOptions): CookieAttributes {
  const { path, httpOnly, sameSite, partitioned, domain, priority } = options;
  return {
    path,
    httpOnly,
    partitioned,
    ...(typeof sameSite === 'string' && { sameSite }),
    ...(typeof domain === 'string' && { domain }),
    ...(priority !== undefined && { priority }),
  };
}
