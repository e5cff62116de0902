import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { SessionError } from '../../lib/session.errors.js';

describe('SessionError', () => {
  const error = new SessionError('ERR_SESSION_READ_ONLY', 'Cannot do it: why. What to do.');

  it('is an Error with a stable code', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error.code).toBe('ERR_SESSION_READ_ONLY');
    expect(error.message).toBe('Cannot do it: why. What to do.');
    expect(error.name).toBe('SessionError');
    expect(String(error)).toBe('SessionError: Cannot do it: why. What to do.');
  });

  it('shows name, code and message when inspected', () => {
    expect(inspect(error)).toContain('SessionError: Cannot do it: why. What to do.');
    expect(inspect(error)).toContain("code: 'ERR_SESSION_READ_ONLY'");
  });

  it('is told from other errors', () => {
    expect(new Error('Cannot')).not.toBeInstanceOf(SessionError);
    expect(error.cause).toBeUndefined();
  });
});
