import { SessionError, type SessionErrorCode } from '../../lib/session.errors.js';

/** Code and message of an error, to be compared as a whole. */
export interface ErrorShape {
  readonly code: SessionErrorCode;
  readonly message: string;
}

/** Returns what `run` throws; an error if it throws nothing. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('Expected an error, but nothing was thrown.');
}

/** Returns code and message of the SessionError that `run` throws. */
export function errorOf(run: () => unknown): ErrorShape {
  return shapeOf(thrownBy(run));
}

/** Returns code and message of the SessionError that `promise` is rejected with. */
export async function errorOfRejected(promise: Promise<unknown>): Promise<ErrorShape> {
  try {
    await promise;
  } catch (error) {
    return shapeOf(error);
  }
  throw new Error('Expected a SessionError, but nothing was rejected.');
}

function shapeOf(error: unknown): ErrorShape {
  if (!(error instanceof SessionError)) throw error;
  return { code: error.code, message: error.message };
}
