import { describe, expect, it } from '@jest/globals';
import { Cookie, CookieJar } from 'tough-cookie';
import { polluted } from '../../support/polluted.js';
import { type CookieAttributes, MAX_COOKIE_SIZE, SetCookieWriter } from '../../../lib/cookie/set-cookie.js';

const EPOCH = 'Thu, 01 Jan 1970 00:00:00 GMT';
const plain: CookieAttributes = { path: '/', httpOnly: true, sameSite: 'lax' };
const all: CookieAttributes = {
  path: '/app',
  domain: 'example.org',
  httpOnly: true,
  sameSite: 'none',
  partitioned: true,
  priority: 'high',
};

describe('SetCookieWriter', () => {
  it.each([
    ['insecure', plain, 60, false, 's=v; Max-Age=60; Path=/; HttpOnly; SameSite=Lax'],
    ['secure', plain, 60, true, 's=v; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax'],
    ['without Max-Age', plain, undefined, true, 's=v; Path=/; HttpOnly; Secure; SameSite=Lax'],
    ['with a Max-Age of zero', plain, 0, false, 's=v; Max-Age=0; Path=/; HttpOnly; SameSite=Lax'],
    ['visible to scripts', { ...plain, httpOnly: false }, 60, false, 's=v; Max-Age=60; Path=/; SameSite=Lax'],
    ['strict', { ...plain, sameSite: 'strict' }, 60, false, 's=v; Max-Age=60; Path=/; HttpOnly; SameSite=Strict'],
    [
      'with every attribute',
      all,
      60,
      true,
      's=v; Max-Age=60; Domain=example.org; Path=/app; HttpOnly; Secure; Partitioned; Priority=High; SameSite=None',
    ],
    ['with no attribute', {}, undefined, false, 's=v'],
    ['with no attribute but Secure', {}, undefined, true, 's=v; Secure'],
  ] as const)('writes a cookie %s', (_, attributes, maxAge, secure, line) => {
    expect(new SetCookieWriter('s', attributes).serialize('v', maxAge, secure)).toBe(line);
  });

  it.each([
    ['insecure', plain, false, `s=; Max-Age=0; Path=/; Expires=${EPOCH}; HttpOnly; SameSite=Lax`],
    ['secure', plain, true, `s=; Max-Age=0; Path=/; Expires=${EPOCH}; HttpOnly; Secure; SameSite=Lax`],
    [
      'with every attribute',
      all,
      true,
      `s=; Max-Age=0; Domain=example.org; Path=/app; Expires=${EPOCH}; HttpOnly; Secure; Partitioned; Priority=High; SameSite=None`,
    ],
  ] as const)('deletes a cookie %s, repeating its attributes', (_, attributes, secure, line) => {
    expect(new SetCookieWriter('s', attributes).delete(secure)).toBe(line);
  });

  it('writes the value as it is', () => {
    const writer = new SetCookieWriter('__Host-id', { path: '/' });
    expect(writer.serialize('eyJ.a-b_c.%41==', undefined, true)).toBe('__Host-id=eyJ.a-b_c.%41==; Path=/; Secure');
  });

  it('takes no attribute from a polluted Object.prototype', () => {
    const properties = { domain: 'evil.org', maxAge: 1, expires: new Date(5), partitioned: true, priority: 'low' };
    const writer = polluted(properties, () => new SetCookieWriter('s', { path: '/' }));
    expect(writer.serialize('v', undefined, false)).toBe('s=v; Path=/');
    expect(writer.delete(false)).toBe(`s=; Max-Age=0; Path=/; Expires=${EPOCH}`);
  });

  it('writes the same lines again and again', () => {
    const writer = new SetCookieWriter('s', all);
    const first = [writer.serialize('v', 1, true), writer.delete(false)];
    expect([writer.serialize('v', 1, true), writer.delete(false)]).toStrictEqual(first);
  });

  it('writes lines that a browser reads as they are meant', () => {
    const writer = new SetCookieWriter('s', { ...all, priority: 'low' });
    const cookie = Cookie.parse(writer.serialize('v.w', 60, true));
    expect(cookie).toMatchObject({
      key: 's',
      value: 'v.w',
      maxAge: 60,
      domain: 'example.org',
      path: '/app',
      httpOnly: true,
      secure: true,
      sameSite: 'none',
      extensions: ['Partitioned', 'Priority=Low'],
    });
    expect(Cookie.parse(writer.serialize('v', undefined, false))).toMatchObject({ maxAge: null, secure: false });
  });

  it.each([
    ['of a host', plain, 'https://example.org/'],
    ['of a domain and a path', all, 'https://www.example.org/app/page'],
  ])('makes a browser forget a cookie %s', async (_, attributes, url) => {
    const writer = new SetCookieWriter('s', attributes);
    const jar = new CookieJar();
    await jar.setCookie(writer.serialize('v', 60, true), url);
    expect(await jar.getCookieString(url)).toBe('s=v');
    await jar.setCookie(writer.delete(true), url);
    expect(await jar.getCookieString(url)).toBe('');
  });

  it.each<[string, string, CookieAttributes]>([
    ['name', 'a;b', {}],
    ['path', 's', { path: '/;' }],
    ['domain', 's', { domain: 'a;b' }],
  ])('refuses to write an impossible %s', (_, name, attributes) => {
    expect(() => new SetCookieWriter(name, attributes)).toThrow(TypeError);
  });

  it('knows the size from which on browsers drop a cookie', () => {
    expect(MAX_COOKIE_SIZE).toBe(4096);
  });
});
