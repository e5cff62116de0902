import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { cookieSession } from '../../lib/interop/index.js';
import { SessionError } from '../../lib/session.errors.js';
import { ACCEPT_UNTIL, SECRET, write } from './support/formats.js';

const NEW = 'a newer key, at least 32 bytes long!';
const format = cookieSession({ keys: [NEW, SECRET], acceptUntil: ACCEPT_UNTIL });
const context = (cookieName: string) => ({ cookieName, now: 0 });
const sign = (text: string, key: string, algorithm = 'sha1') =>
  createHmac(algorithm, key).update(text).digest('base64url');
const VALUE = Buffer.from('{"user":"ada"}').toString('base64');

describe('cookieSession()', () => {
  it('has the signature in a cookie of its own', () => {
    expect(format.companions).toEqual(['.sig']);
    expect(write(format, { user: 'ada' })).toEqual([VALUE, sign(`session=${VALUE}`, NEW)]);
  });

  it('signs with the first key, and takes each of them', () => {
    for (const key of [NEW, SECRET]) {
      const opened = format.open([VALUE, sign(`session=${VALUE}`, key)], context('session'));
      expect(opened).toEqual({ ok: true, data: { user: 'ada' } });
    }
    const other = format.open([VALUE, sign(`session=${VALUE}`, 'another key')], context('session'));
    expect(other).toEqual({ ok: false, reason: 'tampered' });
  });

  it('takes a cookie under the name only that it was signed with', () => {
    const signature = sign(`sid=${VALUE}`, NEW);
    expect(format.open([VALUE, signature], context('sid'))).toMatchObject({ ok: true });
    expect(format.open([VALUE, signature], context('session'))).toEqual({ ok: false, reason: 'tampered' });
  });

  it.each([
    ['sha1', 27],
    ['sha256', 43],
    ['sha384', 64],
    ['sha512', 86],
  ] as const)('takes the algorithm of keygrip: %s', (algorithm, length) => {
    const own = cookieSession({ keys: [SECRET], algorithm, acceptUntil: ACCEPT_UNTIL });
    const signature = sign(`session=${VALUE}`, SECRET, algorithm);
    expect(signature).toHaveLength(length);
    expect(write(own, { user: 'ada' })).toEqual([VALUE, signature]);
    expect(own.open([VALUE, signature], context('session'))).toMatchObject({ ok: true });
    const sha1 = own.open([VALUE, sign(`session=${VALUE}`, SECRET)], context('session')).ok;
    expect(sha1).toBe(algorithm === 'sha1');
  });

  it('takes no unsigned cookie', () => {
    const malformed = { ok: false, reason: 'malformed' };
    expect(format.open([VALUE], context('session'))).toEqual(malformed);
    expect(format.open([VALUE, undefined], context('session'))).toEqual(malformed);
    expect(format.open([VALUE, ''], context('session'))).toEqual({ ok: false, reason: 'tampered' });
  });

  it('takes one spelling of the value, even if another one is signed', () => {
    for (const value of [VALUE.replace(/=+$/, ''), `${VALUE}=`, ` ${VALUE}`, VALUE.replace(/.=$/, 'R='), '']) {
      expect(format.open([value, sign(`session=${value}`, NEW)], context('session')).ok).toBe(value === VALUE);
    }
  });

  it.each(['isNew', 'isChanged', 'isPopulated', '_ctx', 'constructor', 'toString', '__proto__'])(
    'writes no key that cookie-session leaves out: %s',
    (key) => {
      const attempt = () => format.write?.(`{${JSON.stringify(key)}:1}`, { ...context('session'), maxAge: 1 });
      expect(attempt).toThrow(
        new SessionError(
          'ERR_SESSION_KEY_FORBIDDEN',
          `Cannot write the session for cookie-session: its key "${key}" cannot be used, because ` +
            'cookie-session drops a key of that name. Use another key.',
        ),
      );
    },
  );
});
