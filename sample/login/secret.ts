import { randomBytes } from 'node:crypto';

/** The secret of the environment, which all processes share; or one that nobody else knows, good for a first try. */
export function sessionSecret(): string | Uint8Array {
  const secret = process.env.SESSION_SECRET;
  if (secret !== undefined) return secret;
  process.stdout.write('SESSION_SECRET is not set: the secret is a random one, and sessions end with this process.\n');
  return randomBytes(32);
}
