import { describe, expect, it } from '@jest/globals';
import { CookieJar } from 'tough-cookie';
import { SessionCookie } from '../../../lib/cookie/session-cookie.js';
import type { CookieAttributes } from '../../../lib/cookie/set-cookie.js';
import { ATTRIBUTES, cookieWith, DELETION, linesOf, ROOM, tokenOf } from './session-cookie.js';

describe('SessionCookie.read', () => {
  it('reads each cookie of the name where one is allowed, empty or not, and no chunk', () => {
    expect([...cookieWith().read('s=a; s.1=b; s=; s=c')]).toStrictEqual(['a', '', 'c']);
    expect([...cookieWith().read(undefined)]).toStrictEqual([]);
  });

  it('puts chunks together where several are allowed', () => {
    expect([...cookieWith(2).read('s=a; s.1=b; s.2=c')]).toStrictEqual(['ab', 'a']);
    expect([...cookieWith(3).read('s=a; s.1=b; s.2=c')]).toStrictEqual(['abc', 'ab', 'a']);
    expect([...cookieWith(3).read(undefined)]).toStrictEqual([]);
  });

  it('reads the token that it wrote, first of all', () => {
    const cookie = cookieWith(16);
    for (const length of [1, ROOM[0], ROOM[0] + 1, 12_000, 60_000]) {
      const token = tokenOf(length);
      const header = linesOf(cookie, token)
        .map((line) => line.slice(0, line.indexOf(';')))
        .join('; ');
      expect([...cookie.read(header)][0]).toBe(token);
    }
  });
});

describe('SessionCookie.namesIn', () => {
  it.each<[string | undefined, boolean]>([
    [undefined, false],
    ['', false],
    ['x=1; ss=2', false],
    ['s=', true],
    ['x=1; s=2', true],
    ['s.3=x', true],
  ])('finds some in %j: %p, however many cookies are allowed', (header, expected) => {
    expect(cookieWith().namesIn(header).length > 0).toBe(expected);
    expect(cookieWith(2).namesIn(header).length > 0).toBe(expected);
  });
});

function deletionOf(cookie: SessionCookie, secure: boolean, header: string | undefined): string[] {
  return cookie.delete(cookie.namesIn(header), secure);
}

describe('SessionCookie.delete', () => {
  it('deletes every cookie of ours that came, and no other', () => {
    expect(deletionOf(cookieWith(2), false, 'x=1; s.3=c; s=a; s.16=x; s=b')).toStrictEqual([
      `s=; ${DELETION}`,
      `s.3=; ${DELETION}`,
    ]);
    expect(deletionOf(cookieWith(), true, 's=a')).toStrictEqual([
      `s=; ${DELETION.replace('; Same', '; Secure; Same')}`,
    ]);
    expect(deletionOf(cookieWith(2), false, 'x=1')).toStrictEqual([]);
    expect(cookieWith(2).delete(['x', 's.16'], false)).toStrictEqual([]);
    expect(deletionOf(cookieWith(2), false, undefined)).toStrictEqual([]);
  });
});

describe('SessionCookie', () => {
  it('knows its limits', () => {
    const limits = { count: 2, size: 8192 };
    expect(new SessionCookie('s', ATTRIBUTES, limits).limits).toBe(limits);
  });

  it.each<[string, string, CookieAttributes]>([
    ['name', 'a;b', {}],
    ['path', 's', { path: '/;' }],
  ])('refuses to write an impossible %s', (_, name, attributes) => {
    expect(() => new SessionCookie(name, attributes, { count: 1, size: 4096 })).toThrow(TypeError);
  });

  it('leaves a browser with exactly the newest token, however it grows and shrinks', async () => {
    const url = 'http://localhost/';
    const jar = new CookieJar();
    const cookie = cookieWith(4);
    await jar.setCookie('other=1', url);
    for (const length of [10, 4200, 16_000, 8000, 12_000, 5, 9000, 0]) {
      const header = await jar.getCookieString(url);
      const token = tokenOf(length);
      const lines = length === 0 ? deletionOf(cookie, false, header) : linesOf(cookie, token, header);
      for (const line of lines) await jar.setCookie(line, url);
      const after = await jar.getCookieString(url);
      expect([...cookie.read(after)][0] ?? '').toBe(token);
      expect(after.split('; ').length - 1).toBe(Math.ceil(length / 4050));
    }
    expect(await jar.getCookieString(url)).toBe('other=1');
  });
});
