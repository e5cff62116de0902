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
    const result = call();
    // An unhandled rejection would end the process. Promise.resolve() settles once, whatever a thenable does.
    if (typeof result === 'object' && result !== null && 'then' in result) {
      Promise.resolve(result).then(undefined, () => fail('was rejected'));
    }
  } catch {
    fail('threw');
  }
}
