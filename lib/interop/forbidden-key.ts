import { SessionError } from '../session.errors.js';

/**
 * A key that would keep the other side from reading the session.
 *
 * @param why completes the sentence: *Cannot write the session for …: its key "…" will not do, …*
 */
export function forbiddenKey(format: string, key: string, why: string): SessionError {
  return new SessionError(
    'ERR_SESSION_KEY_FORBIDDEN',
    `Cannot write the session for ${format}: its key ${JSON.stringify(key)} will not do, ${why}. Use another key.`,
  );
}
