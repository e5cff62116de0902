import { quote } from '../data/quote.js';
import { optionError } from '../rules/option-error.js';
import type { SessionError } from '../session.errors.js';

/** Names an option of the module in errors. */
export function sessionOption(name: string): string {
  return `the session option ${quote(name)}`;
}

/** The error for an impossible option: *Cannot use the session option "…": why. What to do.* */
export function invalidOption(name: string, why: string, remedy: string): SessionError {
  return optionError('ERR_SESSION_OPTION_INVALID', sessionOption(name), why, remedy);
}
