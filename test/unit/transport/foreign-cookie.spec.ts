import { describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { rejected } from '../../../lib/codec/session-codec.js';
import { VerifiedTokens } from '../../../lib/codec/verified-tokens.js';
import { ForeignCookie } from '../../../lib/transport/foreign-cookie.js';
import { formatFor, NAMES, NOW, write } from '../../interop/support/formats.js';

/** A cookie and its companion. */
const header = (value: string) => `session=${value}; session.sig=${'s'.repeat(43)}`;

describe('ForeignCookie', () => {
  it.each(NAMES)('opens no value beyond 4096 characters, and says why: %s', (name) => {
    const format = formatFor(name);
    const cookie = new ForeignCookie(format, 'session', { path: '/' }, 60, undefined);
    const read = (text: string) => {
      const names = ['session', ...(format.companions ?? []).map((suffix) => `session${suffix}`)];
      const pairs = write(format, { text }).map((value, index) => `${names[index]}=${value}`);
      return [...cookie.read(pairs.join('; '), NOW)];
    };
    expect(read('x')).toMatchObject([{ ok: true, data: { text: 'x' } }]);
    // Nothing that Flask could compress.
    expect(read(randomBytes(4096).toString('hex'))).toEqual([{ ok: false, reason: 'too-large' }]);
  });

  describe('with a memory', () => {
    const opened = { ok: true as const, data: { n: 1 }, issuedAt: NOW, expiresAt: NOW + 10 };
    const cookieOf = (pure: boolean | undefined) => {
      const open = jest.fn((values: readonly (string | undefined)[]) =>
        values[0]?.startsWith('good') === true ? opened : rejected('tampered'),
      );
      const format = { format: 'test', companions: ['.sig'], open, ...(pure !== undefined && { pure }) };
      return { open, cookie: new ForeignCookie(format, 'session', { path: '/' }, 60, new VerifiedTokens()) };
    };
    it('verifies a cookie of a pure format twice, and then remembers it', () => {
      const { open, cookie } = cookieOf(true);
      const read = (value: string) => [...cookie.read(header(value), NOW)];
      for (let times = 0; times < 5; times++) expect(read('good')).toMatchObject([{ ok: true, data: { n: 1 } }]);
      expect(open).toHaveBeenCalledTimes(2);
      expect(read('good-too')).toMatchObject([{ ok: true }]);
      expect(open).toHaveBeenCalledTimes(3);
      for (let times = 0; times < 3; times++) expect(read('bad')).toEqual([rejected('tampered')]);
      expect(open).toHaveBeenCalledTimes(6);
    });

    it.each([false, undefined])('verifies a cookie of another format each time (pure: %s)', (pure) => {
      const { open, cookie } = cookieOf(pure);
      for (let times = 0; times < 5; times++) expect([...cookie.read(header('good'), NOW)]).toHaveLength(1);
      expect(open).toHaveBeenCalledTimes(5);
    });
  });
});
