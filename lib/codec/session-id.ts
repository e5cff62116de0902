import { randomBytes } from '../crypto/random.js';

/** A new session id: 128 random bits (OWASP ASVS 5.0 V7.2.3), 22 characters of base64url. */
export function newSessionId(): string {
  return randomBytes(16).toString('base64url');
}
