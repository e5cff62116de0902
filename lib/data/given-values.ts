import { SessionError } from '../session.errors.js';
import { foreignType } from './foreign-type.js';
import { quote } from './quote.js';

/** @throws SessionError `ERR_SESSION_KEY_FORBIDDEN` for a key that no session may have */
export function assertKey(key: string): void {
  if (key !== '__proto__') return;
  throw new SessionError(
    'ERR_SESSION_KEY_FORBIDDEN',
    'Cannot set a value in the session: the key "__proto__" would replace the prototype. Use another key.',
  );
}

/**
 * The entries of an object with values for a session.
 *
 * @throws SessionError `ERR_SESSION_MISUSED` for anything else, such as a text or a list, and `ERR_SESSION_KEY_FORBIDDEN`
 */
export function dataEntries(values: unknown): [key: string, value: unknown][] {
  const kind = wrongKind(values);
  if (kind !== undefined) {
    throw new SessionError(
      'ERR_SESSION_MISUSED',
      `Cannot set the values of the session: ${kind} is not an object with values. Give one such as { user: 'ada' }.`,
    );
  }
  const entries = Object.entries(values as object);
  for (const [key] of entries) assertKey(key);
  return entries;
}

function wrongKind(values: unknown): string | undefined {
  if (values === undefined || values === null) return String(values);
  if (typeof values !== 'object') return `a ${typeof values}`;
  if (Array.isArray(values)) return 'a list';
  const type = foreignType(values);
  return type === undefined ? undefined : `an object of type ${quote(type)}`;
}
