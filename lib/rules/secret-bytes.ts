import { ownBytes } from '../crypto/own-bytes.js';
import { optionError } from './option-error.js';

/** One secret: a string, encoded as UTF-8, or bytes. */
export type SessionSecret = string | Uint8Array;

/** Minimum length of a secret in bytes: SHA-256 output, AES-256 key (RFC 2104 §3, RFC 7518 §3.2). */
export const MIN_SECRET_LENGTH = 32;

/** What to do about a secret that is missing or too short: the last sentences of the errors. */
export interface SecretRemedies {
  readonly missing: string;
  readonly short: string;
}

/**
 * Returns the bytes of a secret.
 *
 * @param option the secret's name in errors, such as `the session option "secretKey"`
 * @param minLength in bytes
 * @throws SessionError `ERR_SESSION_SECRET_MISSING`, `ERR_SESSION_SECRET_TOO_SHORT` or `ERR_SESSION_OPTION_INVALID`
 */
export function secretBytes(secret: unknown, option: string, remedies: SecretRemedies, minLength: number): Buffer {
  if (secret !== undefined && secret !== null && typeof secret !== 'string' && !(secret instanceof Uint8Array)) {
    throw optionError('ERR_SESSION_OPTION_INVALID', option, 'it is neither a string nor a Buffer', remedies.missing);
  }
  const bytes = ownBytes(secret ?? '');
  if (bytes.length === 0) {
    throw optionError('ERR_SESSION_SECRET_MISSING', option, 'it is missing or empty', remedies.missing);
  }
  if (bytes.length >= minLength) return bytes;
  const why = `it has ${bytes.length} bytes and needs ${MIN_SECRET_LENGTH}`;
  throw optionError('ERR_SESSION_SECRET_TOO_SHORT', option, why, remedies.short);
}
