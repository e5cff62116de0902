import type { Secrets } from '../crypto/key-ring.js';
import { SessionError } from '../session.errors.js';
import type { SessionModuleOptions } from './session.options.js';

/** The least key material in bytes: what HMAC-SHA256 and AES-256 are worth (RFC 7518 §3.2). */
const MIN_SECRET_LENGTH = 32;

const REMEDY = 'Give at least 32 random bytes, made for example by: openssl rand -base64 32';

/**
 * Turns the option `secretKey` into bytes, newest first.
 *
 * @throws SessionError `ERR_SESSION_SECRET_MISSING`, `ERR_SESSION_SECRET_TOO_SHORT` or `ERR_SESSION_OPTION_INVALID`
 */
export function parseSecrets(secretKey: SessionModuleOptions['secretKey'] | undefined): Secrets {
  const given: readonly unknown[] = Array.isArray(secretKey) ? secretKey : [secretKey];
  const [newest, ...older] = given.map((secret, index) =>
    secretBytes(secret, given.length === 1 ? 'secretKey' : `secretKey[${index}]`),
  );
  if (newest === undefined) throw missing('secretKey');
  return [newest, ...older];
}

function secretBytes(secret: unknown, name: string): Uint8Array {
  if (secret === undefined || secret === null || secret === '') throw missing(name);
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

function missing(name: string): SessionError {
  return new SessionError(
    'ERR_SESSION_SECRET_MISSING',
    `Cannot do without the session option "${name}": it is missing or empty. ${REMEDY}`,
  );
}
