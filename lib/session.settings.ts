import { maxHeaderSize } from 'node:http';
import { AcceptingCodec } from './codec/accepting.codec.js';
import { type DataFormat, JSON_FORMAT, serializerFormat } from './codec/data-format.js';
import { EncryptedCodec } from './codec/encrypted.codec.js';
import { KeyRing } from './codec/key-ring.js';
import { Lifetime } from './codec/lifetime.js';
import type { SessionCodec } from './codec/session-codec.js';
import { SignedCodec } from './codec/signed.codec.js';
import { type CookieLimits, SessionCookie } from './cookie/session-cookie.js';
import { MAX_COOKIE_SIZE } from './cookie/set-cookie.js';
import { completeOptions, type CompleteOptions } from './session.options-check.js';
import type { SessionModuleOptions } from './session.options.js';
import { secretsOf } from './session.secrets.js';

/** The options as the rest of the package uses them: checked, complete, frozen; the secrets are keys by now. */
export interface SessionSettings {
  readonly codec: SessionCodec;
  readonly format: DataFormat;
  readonly lifetime: Lifetime;
  readonly cookie: SessionCookie;
  readonly secure: boolean | 'auto';
  readonly expireOnBrowserClose: boolean;
  readonly cacheHeaders: boolean;
  readonly onReject: SessionModuleOptions['onReject'];
}

/** The injection token of the settings. */
export const SESSION_SETTINGS = Symbol('SESSION_SETTINGS');

/** What a request's other headers may need of the bytes that Node reads of all its headers. */
const OTHER_HEADERS_SIZE = 4096;

/**
 * Turns options into settings.
 *
 * @throws SessionError at start, for whatever cannot be meant; its message names the option and the remedy
 */
export function resolveSettings(given: SessionModuleOptions): SessionSettings {
  const options = completeOptions(given);
  const { secure, expireOnBrowserClose, cacheHeaders, onReject, serializer } = options;
  return Object.freeze({
    codec: codecOf(options),
    format: serializer === undefined ? JSON_FORMAT : serializerFormat(serializer),
    lifetime: new Lifetime(options),
    cookie: cookieOf(options),
    secure,
    expireOnBrowserClose,
    cacheHeaders,
    onReject,
  });
}

function codecOf({ secretKey, cookieName, encrypt, accept }: CompleteOptions): SessionCodec {
  const secrets = secretsOf(secretKey);
  const codecs = {
    signed: () => new SignedCodec(new KeyRing(secrets, 'HS256', cookieName)),
    encrypted: () => new EncryptedCodec(new KeyRing(secrets, 'A256GCM', cookieName)),
  };
  const own = encrypt ? 'encrypted' : 'signed';
  const accepted = accept.filter((format) => format !== own).map((format) => codecs[format]());
  return accepted.length === 0 ? codecs[own]() : new AcceptingCodec(codecs[own](), accepted);
}

function cookieOf(options: CompleteOptions): SessionCookie {
  const { cookieName, path, httpOnly, sameSite, partitioned, domain, priority, cookieCount } = options;
  const attributes = {
    path,
    httpOnly,
    sameSite,
    partitioned,
    ...(domain !== undefined && { domain }),
    ...(priority !== undefined && { priority }),
  };
  return new SessionCookie(cookieName, attributes, limitsOf(cookieCount));
}

/** What comes back in one request must be within what Node reads of its headers, or the client is answered 431. */
function limitsOf(count: number): CookieLimits {
  const readable = Math.max(maxHeaderSize - OTHER_HEADERS_SIZE, MAX_COOKIE_SIZE);
  return { count, size: Math.min(count * MAX_COOKIE_SIZE, readable) };
}
