import { describe, expect, it } from '@jest/globals';
import { memoryStore } from 'nestjs-sessions/store';
import { SuperJSON } from 'superjson';
import { invalidOption } from '../../../lib/options/option-errors.js';
import { parseOptions } from '../../../lib/options/parse-options.js';
import { DEFAULTS } from '../../../lib/options/defaults.js';
import type { SessionModuleOptions } from '../../../lib/options/session.options.js';
import { BAD_OPTIONS } from './bad-options.js';
import { polluted } from '../../support/polluted.js';
import { errorOf } from '../../support/errors.js';
import { SECRET } from '../../support/secrets.js';

const secretKey = SECRET;

const pick = ({ domain, absoluteMaxAge, serializer, onReject }: SessionModuleOptions) => ({
  domain,
  absoluteMaxAge,
  serializer,
  onReject,
});

class TextSerializer {
  stringify = JSON.stringify;
  parse(text: string): unknown {
    return JSON.parse(text);
  }
}

describe('parseOptions', () => {
  it('has a secure default for each option that can have one', () => {
    expect({ ...parseOptions({ secretKey }) }).toStrictEqual({
      secretKey,
      cookieName: 'session',
      maxAge: 1_209_600,
      rolling: false,
      expireOnBrowserClose: false,
      formerly: [],
      sameSite: 'lax',
      httpOnly: true,
      path: '/',
      partitioned: false,
      secure: 'auto',
      encrypt: false,
      accept: [],
      cookieCount: 1,
      rememberVerified: true,
      currentSession: false,
      cacheHeaders: true,
    });
  });

  it('takes an explicit undefined for the default', () => {
    const undefinedOnes = Object.fromEntries(
      [...Object.keys(DEFAULTS), 'absoluteMaxAge', 'domain', 'priority', 'serializer', 'onReject'].map((name) => [
        name,
        undefined,
      ]),
    );
    expect(parseOptions({ secretKey, ...undefinedOnes })).toStrictEqual(parseOptions({ secretKey }));
  });

  it('takes every option as it is given', () => {
    const options = {
      secretKey: [Buffer.from(SECRET)],
      cookieName: '__Secure-id',
      maxAge: 60,
      absoluteMaxAge: 600,
      rolling: true,
      expireOnBrowserClose: true,
      sameSite: 'none',
      httpOnly: false,
      path: '/app',
      domain: 'example.org',
      formerly: [{ domain: 'old.example.org', path: '/' }, { path: '/app' }, {}],
      partitioned: true,
      priority: 'high',
      secure: true,
      encrypt: true,
      accept: ['signed', 'encrypted'],
      cookieCount: 16,
      rememberVerified: false,
      serializer: JSON,
      cacheHeaders: false,
      schema: { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } },
      store: memoryStore(),
      onAccept: () => undefined,
      onReject: () => undefined,
      currentSession: true,
      onCreate: () => undefined,
      onRenew: () => undefined,
      onDestroy: () => undefined,
      onSaveFailed: () => undefined,
    } as const satisfies Required<Omit<SessionModuleOptions, 'codec'>>;
    expect({ ...parseOptions(options) }).toStrictEqual(options);
  });

  it('takes no option from a polluted Object.prototype', () => {
    const properties = { domain: 'evil.org', absoluteMaxAge: 1, serializer: {}, onReject: () => undefined };
    const { domain, absoluteMaxAge, serializer, onReject } = polluted(properties, () => {
      // Looked at while it is polluted.
      return pick(parseOptions({ secretKey }));
    });
    expect([domain, absoluteMaxAge, serializer, onReject]).toStrictEqual(Array.from({ length: 4 }, () => undefined));
  });

  it('leaves the given value unchanged', () => {
    const options = Object.freeze({ secretKey, maxAge: undefined });
    parseOptions(options);
    expect(options).toStrictEqual({ secretKey, maxAge: undefined });
  });

  it.each<[string, Partial<SessionModuleOptions>]>([
    ['a cookie name of each allowed character', { cookieName: "!#$%&'*+-.^_`|~09azAZ" }],
    ['a cookie name of 128 characters', { cookieName: 'x'.repeat(128) }],
    ['a __Host- cookie', { cookieName: '__Host-id', secure: true }],
    ['a __Host- cookie with the path "/"', { cookieName: '__Host-id', secure: true, path: '/' }],
    [
      'a __Secure- cookie with domain and path',
      { cookieName: '__Secure-id', secure: true, path: '/a', domain: 'a.org' },
    ],
    ['a name that only resembles a prefix', { cookieName: '__Hostid' }],
    ['a prefix that is not at the start', { cookieName: 'my__Host-id' }],
    ['sameSite "none" that is secure', { sameSite: 'none', secure: true }],
    ['a partitioned cookie that is secure', { partitioned: true, secure: true }],
    ['sameSite "strict" without secure', { sameSite: 'strict', secure: false }],
    ['a format to accept twice', { accept: ['signed', 'signed'] }],
    ['a serializer that is an instance of a class', { serializer: new TextSerializer() }],
    ['the shortest lifetimes', { maxAge: 1, absoluteMaxAge: 1 }],
    ['the longest lifetimes', { maxAge: 3_155_760_000, absoluteMaxAge: 3_155_760_000 }],
    ['a path with blanks, "=", "," and quotes', { path: '/a b=c,"d"' }],
    ['a path of 1024 characters', { path: `/${'x'.repeat(1023)}` }],
    ['a domain with a dot in front', { domain: '.example.org' }],
    ['a domain of digits and hyphens', { domain: 'a-1.2.x--y.org' }],
    ['a domain in upper case', { domain: 'EXAMPLE.org' }],
    ['a domain without a dot', { domain: 'localhost' }],
    ['a domain of 253 characters', { domain: `${'x.'.repeat(126)}a` }],
    ['a serializer of static members', { serializer: SuperJSON }],
    ['a domain with a label of 63 characters', { domain: `${'x'.repeat(63)}.org` }],
  ])('accepts %s', (_, options) => {
    expect(parseOptions({ secretKey, ...options })).toMatchObject(options);
  });

  it.each(BAD_OPTIONS)('refuses $title', ({ options, code, message }) => {
    expect(errorOf(() => parseOptions(options))).toStrictEqual({ code, message });
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['text', 'a secret'],
  ])('refuses %s for the options', (_, options) => {
    expect(errorOf(() => parseOptions(options as SessionModuleOptions))).toStrictEqual({
      code: 'ERR_SESSION_OPTION_INVALID',
      message: 'Cannot configure sessions: the options are not an object. Give at least { secretKey }.',
    });
  });

  it('names the first impossible option of several', () => {
    const options = { secretKey, path: 'app', maxAge: 0 };
    expect(errorOf(() => parseOptions(options)).message).toContain('"path"');
  });

  it('refuses a long domain that is almost right in no time', () => {
    const start = process.hrtime.bigint();
    errorOf(() => parseOptions({ secretKey, domain: `${'a.'.repeat(50_000)}-` }));
    errorOf(() => parseOptions({ secretKey, domain: 'a-'.repeat(50_000) }));
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(1000);
  });
});

describe('invalidOption', () => {
  it('names the option, the reason and the remedy', () => {
    const error = invalidOption('maxAge', 'it is odd', 'Make it even.');
    expect(error.code).toBe('ERR_SESSION_OPTION_INVALID');
    expect(error.message).toBe('Cannot use the session option "maxAge": it is odd. Make it even.');
  });
});
