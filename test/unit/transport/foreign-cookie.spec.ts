import { describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { rejected } from '../../../lib/codec/session-codec.js';
import { VerifiedTokens } from '../../../lib/codec/verified-tokens.js';
import type { ForeignFormat } from '../../../lib/interop/foreign-format.js';
import { ForeignCookie } from '../../../lib/transport/foreign-cookie.js';
import { formatFor, NAMES, NOW, write } from '../../interop/support/formats.js';

const OPTIONS = { cookieName: 'session', attributes: { path: '/' }, maxAge: 60, limits: { count: 1, size: 4096 } };

/** What becomes of a cookie that `open` makes this of. */
const readBy = (open: () => unknown, more: Partial<ForeignFormat> = {}) => {
  const format = { format: 'own', pure: true, open, ...more } as ForeignFormat;
  return [...new ForeignCookie(format, OPTIONS, new VerifiedTokens()).read('session=v', NOW)];
};

/** A cookie and its companion. */
const header = (value: string) => `session=${value}; session.sig=${'s'.repeat(43)}`;

describe('ForeignCookie', () => {
  it.each(NAMES)('opens no value beyond 4096 characters, and says why: %s', (name) => {
    const format = formatFor(name);
    const cookie = new ForeignCookie(format, OPTIONS, undefined);
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
      return { open, cookie: new ForeignCookie(format, OPTIONS, new VerifiedTokens()) };
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

describe('ForeignCookie, of a format of the application', () => {
  const data = { user: 'tom' };

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['gives nothing', () => undefined],
    ['gives null', () => null],
    ['gives a number', () => 1],
    ['gives a promise', () => Promise.resolve({ ok: true, data })],
    ['gives a promise that is rejected', () => Promise.reject(new Error('no'))],
    [
      'gives a result with a getter that throws',
      () => ({
        ok: true,
        get data() {
          throw new Error('no');
        },
      }),
    ],
    ['gives no data', () => ({ ok: true, issuedAt: NOW })],
    ['gives a list', () => ({ ok: true, data: [1], issuedAt: NOW })],
    [
      'gives a nested key "__proto__"',
      () => ({ ok: true, data: JSON.parse('{"a":{"__proto__":{"b":1}}}'), issuedAt: NOW }),
    ],
    [
      'gives data that contains itself',
      () => {
        const loop: Record<string, unknown> = {};
        loop['loop'] = loop;
        return { ok: true, data: loop, issuedAt: NOW };
      },
    ],
    ['gives a time that is a text', () => ({ ok: true, data, issuedAt: String(NOW) })],
    ['gives a time that is no number', () => ({ ok: true, data, issuedAt: NaN })],
    ['gives an end that no Date has', () => ({ ok: true, data, expiresAt: Infinity })],
    ['gives a reason that there is not', () => ({ ok: false, reason: 'because' })],
    ['gives no reason', () => ({ ok: false })],
  ])('is rejected as malformed where it %s', (_, open) => {
    expect(readBy(open)).toStrictEqual([{ ok: false, reason: 'malformed' }]);
  });

  it.each(['too-large', 'unknown-key', 'tampered', 'expired', 'future'])(
    'is rejected as %s where it says so',
    (reason) => {
      expect(readBy(() => ({ ok: false, reason }))).toStrictEqual([{ ok: false, reason }]);
    },
  );

  it.each<[string, object, Partial<ForeignFormat>, object]>([
    ['maxAge after its issue', { issuedAt: NOW - 10 }, {}, { iat: NOW - 10, exp: NOW + 50 }],
    ['its own end before that', { issuedAt: NOW - 10, expiresAt: NOW + 9 }, {}, { iat: NOW - 10, exp: NOW + 9 }],
    ['maxAge before its own end', { issuedAt: NOW - 10, expiresAt: NOW + 99 }, {}, { iat: NOW - 10, exp: NOW + 50 }],
    ['its own end where it has no other time', { expiresAt: NOW + 9 }, {}, { iat: NOW, exp: NOW + 9 }],
    ['acceptUntil before those', { issuedAt: NOW - 10 }, { acceptUntil: NOW + 1 }, { iat: NOW - 10, exp: NOW + 1 }],
    ['maxAge, each time anew, where it has no time', {}, { acceptUntil: NOW + 99 }, { iat: NOW, exp: NOW + 60 }],
  ])('ends at %s', (_, times, more, claims) => {
    expect(readBy(() => ({ ok: true, data, ...times }), more)).toMatchObject([{ ok: true, data, claims }]);
  });

  it.each<[string, object, Partial<ForeignFormat>]>([
    ['from acceptUntil on', { issuedAt: NOW }, { acceptUntil: NOW }],
    ['where neither the cookie nor the format has a time', {}, {}],
  ])('is rejected as expired %s', (_, times, more) => {
    expect(readBy(() => ({ ok: true, data, ...times }), more)).toStrictEqual([{ ok: false, reason: 'expired' }]);
  });
});
