import { describe, expect, it, jest } from '@jest/globals';
import { maxHeaderSize } from 'node:http';
import * as devalue from 'devalue';
import { JSON_FORMAT } from '../../../lib/data/data-format.js';
import type { SessionModuleOptions } from '../../../lib/options/session.options.js';
import { type OpenSettings, resolveSettings } from '../../support/settings.js';
import { BAD_OPTIONS, OWN } from './bad-options.js';
import { CLAIMS } from '../codec/codec-contract.js';
import { errorOf } from '../../support/errors.js';
import { SECRET } from '../../support/secrets.js';

const withOptions = (options: Partial<SessionModuleOptions> = {}) => resolveSettings({ secretKey: SECRET, ...options });
const sealed = (options: Partial<SessionModuleOptions> = {}) => withOptions(options).codec.seal(CLAIMS, '{}');
const written = ({ cookie }: OpenSettings, secure: boolean) => cookie.serialize('v', 5, secure, undefined);

const maxAgeBeside = (codecMaxAge: number, ours: number) =>
  withOptions({ codec: { ...OWN, maxAge: codecMaxAge }, accept: ['signed'], maxAge: ours }).lifetime.options.maxAge;

describe('resolveSettings', () => {
  it('has the defaults in place', () => {
    const settings = withOptions();
    expect(settings).toMatchObject({
      expireOnBrowserClose: false,
      cacheHeaders: true,
      onReject: undefined,
    });
    expect(settings.format).toBe(JSON_FORMAT);
    expect(settings.lifetime.options).toStrictEqual({ maxAge: 1_209_600, absoluteMaxAge: undefined, rolling: false });
    expect(settings.cookie.limits).toMatchObject({ count: 1, size: 4096 });
    expect(written(settings, false)).toStrictEqual({
      ok: true,
      lines: ['session=v; Max-Age=5; Path=/; HttpOnly; SameSite=Lax'],
    });
    expect(settings.codec.seal(CLAIMS, '{}').split('.')).toHaveLength(3);
  });

  it('takes the options that are given', () => {
    const onReject = jest.fn();
    const settings = withOptions({
      cookieName: '__Secure-id',
      maxAge: 60,
      absoluteMaxAge: 600,
      rolling: true,
      expireOnBrowserClose: true,
      sameSite: 'none',
      httpOnly: false,
      path: '/app',
      domain: 'example.org',
      partitioned: true,
      priority: 'medium',
      secure: true,
      encrypt: true,
      cacheHeaders: false,
      onReject,
    });
    expect(settings).toMatchObject({ expireOnBrowserClose: true, cacheHeaders: false, onReject });
    expect(settings.lifetime.options).toStrictEqual({ maxAge: 60, absoluteMaxAge: 600, rolling: true });
    expect(settings.codec.seal(CLAIMS, '{}').split('.')).toHaveLength(5);
    expect(written(settings, true)).toStrictEqual({
      ok: true,
      lines: [
        '__Secure-id=v; Max-Age=5; Domain=example.org; Path=/app; Secure; Partitioned; Priority=Medium; SameSite=None',
      ],
    });
  });

  it('writes the data with the serializer that is given', () => {
    const { format } = withOptions({ serializer: devalue });
    expect(format.write({ big: 1n })).toBe('"[{\\"big\\":1},[\\"BigInt\\",\\"1\\"]]"');
    expect(format.accept(devalue.stringify({ big: 1n }))).toStrictEqual({ big: 1n });
  });

  it.each([
    [1, 4096],
    [2, 8192],
    [3, 12_288],
    [4, 12_288],
    [16, 12_288],
  ])('keeps %d cookies within what Node reads of a header: %d bytes', (cookieCount, size) => {
    expect(maxHeaderSize).toBe(16_384);
    expect(withOptions({ cookieCount }).cookie.limits).toMatchObject({ count: cookieCount, size });
  });

  it.each<[title: string, options: Partial<SessionModuleOptions>, signed: unknown, encrypted: unknown]>([
    ['signed, by default', {}, false, 'malformed'],
    ['encrypted', { encrypt: true }, 'malformed', false],
    ['signed, and accepts what is encrypted', { accept: ['encrypted'] }, false, true],
    ['encrypted, and accepts what is signed', { encrypt: true, accept: ['signed'] }, true, false],
    ['signed, and accepts what it writes itself', { accept: ['signed', 'signed'] }, false, 'malformed'],
    ['encrypted, and accepts all', { encrypt: true, accept: ['signed', 'encrypted', 'signed'] }, true, false],
  ])('is %s', (_, options, signed, encrypted) => {
    const { codec } = withOptions(options);
    const results = [sealed(), sealed({ encrypt: true })].map((token) => {
      const result = codec.unseal(token);
      return result.ok ? result.stale : result.reason;
    });
    expect(results).toStrictEqual([signed, encrypted]);
    expect(codec.seal(CLAIMS, '{}').split('.')).toHaveLength(options.encrypt === true ? 5 : 3);
  });

  it.each<[string, Partial<SessionModuleOptions>, string]>([
    [
      "a companion of an accepted cookie has our cookie's name",
      { cookieName: 'o.sig', accept: [{ ...OWN, cookieName: 'o', companions: ['.sig'] }] },
      'signed',
    ],
    [
      'an accepted cookie has the name of a further cookie',
      { accept: [{ ...OWN, cookieName: 'session.3' }] },
      'signed',
    ],
    [
      'two accepted cookies have names in common',
      {
        accept: [
          { ...OWN, format: 'other', cookieName: 'p', companions: ['.1'] },
          { ...OWN, cookieName: 'p.1' },
        ],
      },
      'other',
    ],
  ])('are refused where %s', (_, options, rival) => {
    expect(errorOf(() => withOptions(options))).toStrictEqual({
      code: 'ERR_SESSION_OPTION_INVALID',
      message:
        `Cannot use the session option "accept": the cookies of "own" and "${rival}" have names in common. ` +
        'Give one of them another cookieName.',
    });
  });

  it('may read one cookie in several formats', () => {
    const accept = ['signed', 'encrypted', OWN, { ...OWN, companions: ['.sig'] }] as const;
    expect(withOptions({ accept }).transports).toHaveLength(4);
  });

  it('is held to what the other side of a codec accepts', () => {
    expect([maxAgeBeside(60, 100), maxAgeBeside(100, 60)]).toStrictEqual([60, 60]);
  });

  it('is frozen', () => {
    const settings = withOptions();
    expect(Object.isFrozen(settings)).toBe(true);
    expect(() => Object.assign(settings, { secure: false })).toThrow(TypeError);
  });

  it.each(BAD_OPTIONS)('refuses $title', ({ options, code, message }) => {
    expect(errorOf(() => resolveSettings(options))).toStrictEqual({ code, message });
  });
});
