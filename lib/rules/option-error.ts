import { SessionError, type SessionErrorCode } from '../session.errors.js';

/** Names an option in errors: `the session option "maxAge"`, or `the option "maxAge" of flask()`. */
export type OptionName = (option: string) => string;

/** The error for an impossible option: *Cannot use the session option "…": why. What to do.* */
export function optionError(code: SessionErrorCode, option: string, why: string, remedy: string): SessionError {
  return new SessionError(code, `Cannot use ${option}: ${why}. ${remedy}`);
}
