import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import {
  CSRF,
  type CsrfStore,
  GivenToken,
  isCsrfToken,
  newCsrfToken,
  replaceSecret,
} from '../../../lib/session/csrf-token.js';

/** As much of a session as the token needs. */
function storeOf(values: Record<string, unknown> = {}) {
  return {
    values,
    get: (key) => values[key],
    set: (key, value) => void (values[key] = value),
    delete: (key: string) => delete values[key],
  } satisfies CsrfStore & { values: Record<string, unknown>; delete(key: string): boolean };
}

const BYTES = Buffer.from(Array.from({ length: 16 }, (_, index) => index));
const SECRET = BYTES.toString('base64url');
const SALT = 'AAAAAAAAAAAAAAAAAAAAAA';
/** The token of a salt, by the letter of the definition and without the package. */
const tokenOf = (salt: string, secret = BYTES) =>
  `${salt}.${createHmac('sha256', secret).update(salt).digest('base64url')}`;

describe('A CSRF token', () => {
  it('is one of the session that has given it', () => {
    const session = storeOf();
    expect(isCsrfToken(session, newCsrfToken(session))).toBe(true);
  });

  it('is a salt with its HMAC-SHA256 under the secret of the session', () => {
    const session = storeOf({ [CSRF]: SECRET });
    const token = newCsrfToken(session);
    expect(token).toBe(tokenOf(token.split('.')[0] ?? ''));
    expect(isCsrfToken(session, tokenOf(SALT))).toBe(true);
    expect(session.values).toEqual({ [CSRF]: SECRET });
  });

  it('has another text in each request, and each stays valid', () => {
    const session = storeOf();
    const tokens = Array.from({ length: 100 }, () => newCsrfToken(session));
    expect(new Set(tokens.flatMap((token) => token.split('.'))).size).toBe(200);
    expect(tokens.every((token) => isCsrfToken(session, token))).toBe(true);
    expect(Object.keys(session.values)).toEqual([CSRF]);
  });

  it('is the same each time within a request, as long as it is valid', () => {
    const [session, given] = [storeOf(), new GivenToken()];
    const token = newCsrfToken(session, given);
    expect(newCsrfToken(session, given)).toBe(token);
    session.delete(CSRF);
    const next = newCsrfToken(session, given);
    expect([next === token, isCsrfToken(session, next), newCsrfToken(session, given)]).toEqual([false, true, next]);
  });

  it('does not tell the secret', () => {
    const session = storeOf();
    expect(newCsrfToken(session)).not.toContain(session.values[CSRF]);
    expect(session.values[CSRF]).toMatch(/^[\w-]{22}$/);
  });

  it('is not one of another session, nor of one without a secret, which it does not begin', () => {
    const token = newCsrfToken(storeOf());
    const [other, empty] = [storeOf(), storeOf()];
    newCsrfToken(other);
    expect([isCsrfToken(other, token), isCsrfToken(empty, token)]).toEqual([false, false]);
    expect(empty.values).toEqual({});
  });

  it('is refused with any character changed, added or left out', () => {
    const session = storeOf({ [CSRF]: SECRET });
    const token = tokenOf(SALT);
    const changed = Array.from(token).flatMap((character, index) => {
      const [before, after] = [token.slice(0, index), token.slice(index + 1)];
      return ['A', 'B', '.', ' ', ''].filter((each) => each !== character).map((each) => before + each + after);
    });
    for (const each of [...changed, `${token}A`, `${token}\n`, ` ${token}`, `${token}.A`]) {
      expect([each, isCsrfToken(session, each)]).toEqual([each, false]);
    }
  });

  it.each([
    undefined,
    null,
    '',
    0,
    true,
    {},
    [],
    [tokenOf(SALT)],
    { toString: () => tokenOf(SALT) },
    '.',
    'a.b',
    '.'.repeat(66),
  ])('is not %p, which a client may send as well', (value) => {
    expect(isCsrfToken(storeOf({ [CSRF]: SECRET }), value)).toBe(false);
  });

  it.each([null, 1, '', 'short', {}, `${SECRET}A`, `${SECRET}=`, BYTES.toString('hex')])(
    'has a new secret where the session has %p in its place',
    (value) => {
      const session = storeOf({ [CSRF]: value });
      expect(isCsrfToken(session, tokenOf(SALT, Buffer.from(typeof value === 'string' ? value : '')))).toBe(false);
      expect(isCsrfToken(session, newCsrfToken(session))).toBe(true);
      expect(session.values[CSRF]).toMatch(/^[\w-]{22}$/);
    },
  );
});

describe('replaceSecret()', () => {
  it('ends all tokens but the one that the request has given, also where it replaces the secret again', () => {
    const session = storeOf({ [CSRF]: SECRET });
    const [before, given] = [newCsrfToken(session), new GivenToken()];
    const token = newCsrfToken(session, given);
    replaceSecret(session, given);
    replaceSecret(session, given);
    expect(session.values[CSRF]).toMatch(/^[\w-]{22}\.[\w-]{22}$/);
    expect(session.values[CSRF]).not.toContain(SECRET);
    const later = newCsrfToken(session);
    expect([token, later].every((each) => isCsrfToken(session, each))).toBe(true);
    expect(newCsrfToken(session, given)).toBe(token);
    const refused = [before, tokenOf(SALT), later.replace(/[^.]+$/, token.slice(23)), token.slice(1)];
    expect(refused.some((each) => isCsrfToken(session, each))).toBe(false);
  });

  it('takes the secret away where no token was given', () => {
    const session = storeOf({ [CSRF]: SECRET, a: 1 });
    replaceSecret(session, new GivenToken());
    expect(session.values).toEqual({ a: 1 });
  });

  it('gives none to a session that was emptied after a token was given', () => {
    const [session, given] = [storeOf(), new GivenToken()];
    newCsrfToken(session, given);
    session.delete(CSRF);
    replaceSecret(session, given);
    expect(session.values).toEqual({});
  });
});
