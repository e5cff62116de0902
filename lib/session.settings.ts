import { KeyRing, type Secrets } from './codec/key-ring.js';
import { Lifetime } from './codec/lifetime.js';
import type { SessionCodec } from './codec/session-codec.js';
import { SignedCodec } from './codec/signed.codec.js';
import { SetCookieWriter } from './cookie/set-cookie.js';
import { completeOptions, type CompleteOptions } from './session.options-check.js';
import { SessionError } from './session.errors.js';
import type { SessionModuleOptions, SessionSecret } from './session.options.js';

/** The least key material in bytes: what HMAC-SHA256 and AES-256 are worth (RFC 7518 §3.2). */
const MIN_SECRET_LENGTH = 32;

/** The options as the rest of the package uses them: checked, complete, frozen; the secrets are keys by now. */
export interface SessionSettings {
  readonly cookieName: string;
  readonly codec: SessionCodec;
  readonly lifetime: Lifetime;
  readonly setCookie: SetCookieWriter;
  readonly secure: boolean | 'auto';
  readonly expireOnBrowserClose: boolean;
  readonly cacheHeaders: boolean;
  readonly onReject: SessionModuleOptions['onReject'];
}

/** The injection token of the settings. */
export const SESSION_SETTINGS = Symbol('SESSION_SETTINGS');

/**
 * Turns options into settings.
 *
 * @throws SessionError at start, for whatever cannot be meant; its message names the option and the remedy
 */
export function resolveSettings(given: SessionModuleOptions): SessionSettings {
  const options = completeOptions(given);
  const { cookieName, secure, expireOnBrowserClose, cacheHeaders, onReject } = options;
  return Object.freeze({
    cookieName,
    codec: new SignedCodec(new KeyRing(secretsOf(options), 'HS256', cookieName)),
    lifetime: new Lifetime({
      maxAge: options.maxAge,
      absoluteMaxAge: options.absoluteMaxAge,
      rolling: options.rolling,
    }),
    setCookie: new SetCookieWriter(cookieName, {
      path: options.path,
      httpOnly: options.httpOnly,
      sameSite: options.sameSite,
      partitioned: options.partitioned,
      ...(options.domain !== undefined && { domain: options.domain }),
      ...(options.priority !== undefined && { priority: options.priority }),
    }),
    secure,
    expireOnBrowserClose,
    cacheHeaders,
    onReject,
  });
}

function secretsOf({ secretKey }: CompleteOptions): Secrets {
  const given: unknown = secretKey;
  const [newest, ...older] = (Array.isArray(given) ? given : [given]).map(secretBytes);
  if (newest === undefined) throw missingSecret('secretKey');
  return [newest, ...older];
}

function secretBytes(secret: SessionSecret | undefined, index: number, { length }: readonly unknown[]): Uint8Array {
  const name = length === 1 ? 'secretKey' : `secretKey[${index}]`;
  if (secret === undefined || secret === null || secret === '') throw missingSecret(name);
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) {
    throw new SessionError(
      'ERR_SESSION_OPTION_INVALID',
      `Cannot use the session option "${name}": it is neither a string nor a Buffer. ${REMEDY}`,
    );
  }
  const bytes = Buffer.from(secret);
  if (bytes.length >= MIN_SECRET_LENGTH) return bytes;
  throw new SessionError(
    'ERR_SESSION_SECRET_TOO_SHORT',
    `Cannot use the session option "${name}": it has ${bytes.length} bytes and needs ${MIN_SECRET_LENGTH}. ${REMEDY}`,
  );
}

const REMEDY = 'Give at least 32 random bytes, made for example by: openssl rand -base64 32';

function missingSecret(name: string): SessionError {
  return new SessionError(
    'ERR_SESSION_SECRET_MISSING',
    `Cannot do without the session option "${name}": it is missing or empty. ${REMEDY}`,
  );
}
