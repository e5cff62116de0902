import type { SessionLog } from './session-log.js';

/** A function of the application that is told of something. */
export interface Hook {
  /** The option, such as `onReject`. */
  readonly name: string;
  /** What it is told of: completes "Cannot report …". */
  readonly subject: string;
  readonly call: () => unknown;
}

/**
 * Calls a hook. One that throws or rejects is a mistake of the application and not of the client: it is one line in the log,
 * without what was thrown, and the request goes on.
 */
export function callHook({ name, subject, call }: Hook, log: SessionLog): void {
  const fail = (how: string) => log.error(`Cannot report ${subject}: ${name} ${how}. Let it catch its own errors.`);
  try {
    catchRejection(call(), () => fail('was rejected'));
  } catch {
    fail('threw');
  }
}

/**
 * Handles the rejection of a promise that a function of the application has returned: unhandled, it would end the process.
 *
 * @returns whether `result` is a promise
 */
export function catchRejection(result: unknown, onRejected: () => void = () => undefined): boolean {
  if (typeof result !== 'object' || result === null || !('then' in result)) return false;
  // Promise.resolve() settles once, whatever a thenable does.
  Promise.resolve(result).then(undefined, onRejected);
  return true;
}
