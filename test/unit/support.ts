import { SessionError, type SessionErrorCode } from '../../lib/session.errors.js';

/** A secret for tests: 32 bytes. */
export const SECRET = 'a secret of thirty-two bytes: ok';
/** Another one. */
export const OTHER_SECRET = 'another secret of 32 bytes here.';

/** What a failure says, to be compared as a whole. */
export interface Complaint {
  readonly code: SessionErrorCode;
  readonly message: string;
}

/** What the SessionError says that `run` throws. */
export function complaintOf(run: () => unknown): Complaint {
  try {
    run();
  } catch (error) {
    return toComplaint(error);
  }
  throw new Error('Expected a SessionError, but nothing was thrown.');
}

/** What the SessionError says that `promise` is rejected with. */
export async function complaintOfRejected(promise: Promise<unknown>): Promise<Complaint> {
  try {
    await promise;
  } catch (error) {
    return toComplaint(error);
  }
  throw new Error('Expected a SessionError, but nothing was rejected.');
}

function toComplaint(error: unknown): Complaint {
  if (!(error instanceof SessionError)) throw error;
  return { code: error.code, message: error.message };
}
