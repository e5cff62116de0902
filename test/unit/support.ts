import { SessionError, type SessionErrorCode } from '../../lib/session.errors.js';

/** A secret for tests: 32 bytes. */
export const SECRET = 'a secret of thirty-two bytes: ok';
/** Another one. */
export const OTHER_SECRET = 'another secret of 32 bytes here.';

/** Code and message of an error, to be compared as a whole. */
export interface ErrorShape {
  readonly code: SessionErrorCode;
  readonly message: string;
}

/** What the SessionError says that `run` throws. */
export function errorOf(run: () => unknown): ErrorShape {
  try {
    run();
  } catch (error) {
    return shapeOf(error);
  }
  throw new Error('Expected a SessionError, but nothing was thrown.');
}

/** What the SessionError says that `promise` is rejected with. */
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
