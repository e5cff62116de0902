import type { Secrets } from '../crypto/key-ring.js';
import { MIN_SECRET_LENGTH, secretBytes } from '../rules/secret-bytes.js';
import { sessionOption } from './option-errors.js';
import type { SessionModuleOptions } from './session.options.js';

const REMEDY = 'Give at least 32 random bytes: npx nestjs-sessions secret prints them.';

/**
 * Returns the bytes of each secret of the option `secretKey`, newest first.
 *
 * @throws SessionError `ERR_SESSION_SECRET_MISSING`, `ERR_SESSION_SECRET_TOO_SHORT` or `ERR_SESSION_OPTION_INVALID`
 */
export function parseSecrets(secretKey: SessionModuleOptions['secretKey'] | undefined): Secrets {
  const secrets: readonly unknown[] = Array.isArray(secretKey) ? secretKey : [secretKey];
  const isOne = secrets.length <= 1;
  const bytesOf = (secret: unknown, index: number) => {
    const option = sessionOption(isOne ? 'secretKey' : `secretKey[${index}]`);
    return secretBytes(secret, option, { missing: REMEDY, short: REMEDY }, MIN_SECRET_LENGTH);
  };
  const [newest, ...older] = secrets;
  return [bytesOf(newest, 0), ...older.map((secret, index) => bytesOf(secret, index + 1))];
}
