import type { SessionRecord } from '../data/session-data.js';
import type { RawRequest } from '../http/raw-http.js';
import type { StoreSettings } from '../options/store-options.js';
import { SessionError } from '../session.errors.js';
import { catchRejection } from './call-hook.js';

/** How much of a description is kept, in characters: it is mostly a header, which a client may make as long as it likes. */
const DEVICE_LENGTH = 200;

/**
 * Whose session it is, by the option `subject`; `undefined` for a visitor.
 *
 * @throws SessionError `ERR_SESSION_OPTION_INVALID` where it returns something else; and what it throws itself
 */
export function subjectIn({ subject }: StoreSettings, data: SessionRecord): string | undefined {
  const value: unknown = subject?.(data);
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw impossible(
    'subject',
    'a text, such as the id of the user, or undefined for a visitor who is not logged in',
    value,
  );
}

/**
 * What a list of devices shows, by the option `describe`.
 *
 * @throws SessionError `ERR_SESSION_OPTION_INVALID` where it returns something else; and what it throws itself
 */
export function deviceOf({ describe }: StoreSettings, request: RawRequest): string | undefined {
  const value: unknown = describe?.(request);
  if (value === undefined) return undefined;
  if (typeof value !== 'string')
    throw impossible('describe', 'a text, such as the name of the browser, or undefined', value);
  // Postgres takes no U+0000, and no list should show what moves the cursor.
  const text = value
    .slice(0, DEVICE_LENGTH)
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
  return text === '' ? undefined : text;
}

function impossible(option: string, possible: string, value: unknown): SessionError {
  catchRejection(value);
  return new SessionError(
    'ERR_SESSION_OPTION_INVALID',
    `Cannot save the session: store.${option} returned a value that is not possible. Let it return ${possible}.`,
  );
}
