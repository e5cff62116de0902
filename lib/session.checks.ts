import { isLifetime, LONGEST_LIFETIME } from './codec/lifetime.js';
import { SessionError } from './session.errors.js';

/** @throws SessionError `ERR_SESSION_KEY_FORBIDDEN` for a key that no session may have */
export function assertKey(key: string): void {
  if (key !== '__proto__') return;
  throw new SessionError(
    'ERR_SESSION_KEY_FORBIDDEN',
    'Cannot set a value in the session: the key "__proto__" would replace the prototype. Use another key.',
  );
}

/** @throws SessionError `ERR_SESSION_MAX_AGE_INVALID` for what cannot be the lifetime of a session */
export function assertMaxAge(seconds: number): void {
  if (isLifetime(seconds)) return;
  throw new SessionError(
    'ERR_SESSION_MAX_AGE_INVALID',
    `Cannot set the maxAge of the session: it is not a whole number of seconds from 1 to ${LONGEST_LIFETIME}. ` +
      'Give seconds, not milliseconds, or undefined for the maxAge of the module.',
  );
}
