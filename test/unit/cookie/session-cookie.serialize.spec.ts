import { describe, expect, it } from '@jest/globals';
import { chunkName } from '../../../lib/cookie/chunks.js';
import { cookieWith, DELETION, linesOf, ATTRIBUTES, ROOM, TAIL, tokenOf } from './session-cookie.js';

describe('SessionCookie.serialize, to one cookie', () => {
  it('writes the token as it is', () => {
    expect(cookieWith().serialize('a.b.c', 60, false, undefined)).toStrictEqual({
      ok: true,
      lines: [`s=a.b.c${TAIL}`],
    });
    expect(cookieWith().serialize('a.b', undefined, true, undefined)).toStrictEqual({
      ok: true,
      lines: ['s=a.b; Path=/; HttpOnly; Secure; SameSite=Lax'],
    });
  });

  it.each([4095, 4096])('writes a line of %d bytes', (size) => {
    const token = tokenOf(size - `s=${TAIL}`.length);
    const lines = linesOf(cookieWith(), token);
    expect(lines).toStrictEqual([`s=${token}${TAIL}`]);
    expect(Buffer.byteLength(lines[0] ?? '')).toBe(size);
  });

  it.each([4097, 4098, 5000, 20_000])('writes no line of %d bytes, but says so', (size) => {
    const token = tokenOf(size - `s=${TAIL}`.length);
    expect(cookieWith().serialize(token, 60, false, undefined)).toStrictEqual({ ok: false, size });
  });

  it('counts the attributes as they are sent', () => {
    const token = tokenOf(ROOM[0]);
    const cookie = cookieWith();
    expect(cookie.serialize(token, 60, false, undefined).ok).toBe(true);
    expect(cookie.serialize(token, 600, false, undefined)).toStrictEqual({ ok: false, size: 4097 });
    expect(cookie.serialize(token, 60, true, undefined)).toStrictEqual({ ok: false, size: 4104 });
    expect(cookie.serialize(`${token}x`, undefined, false, undefined).ok).toBe(true);
  });

  it('deletes the chunks of a session that was larger once', () => {
    expect(linesOf(cookieWith(), 'x', 's=a; s.2=c; s.1=b; other=1')).toStrictEqual([
      `s=x${TAIL}`,
      `s.1=; ${DELETION}`,
      `s.2=; ${DELETION}`,
    ]);
  });
});

describe('SessionCookie.serialize, to several cookies', () => {
  it('writes one cookie where that is enough', () => {
    const token = tokenOf(ROOM[0]);
    expect(linesOf(cookieWith(3), token)).toStrictEqual([`s=${token}${TAIL}`]);
  });

  it('begins the second cookie with the first character that has no room', () => {
    const token = tokenOf(ROOM[0] + 1);
    expect(linesOf(cookieWith(3), token)).toStrictEqual([
      `s=${token.slice(0, -1)}${TAIL}`,
      `s.1=${token.slice(-1)}${TAIL}`,
    ]);
  });

  it.each([
    [ROOM[0] + ROOM[1] - 1, [4096, 4095]],
    [ROOM[0] + ROOM[1], [4096, 4096]],
    [ROOM[0] + ROOM[1] + 1, [4096, 4096, `s.2=x${TAIL}`.length]],
    [ROOM[0] + 2 * ROOM[1], [4096, 4096, 4096]],
  ])('fills each cookie to its last byte: a token of %d', (length, sizes) => {
    const token = tokenOf(length);
    const lines = linesOf(cookieWith(3), token);
    expect(lines.map((line) => Buffer.byteLength(line))).toStrictEqual(sizes);
    expect(lines.map((line) => line.slice(line.indexOf('=') + 1, line.indexOf(';'))).join('')).toBe(token);
    expect(lines.map((line) => line.slice(0, line.indexOf('=')))).toStrictEqual(
      lines.map((_, index) => chunkName('s', index)),
    );
  });

  it.each([1, 2, 5000])('says how large it would be where %d characters have no room', (extra) => {
    const token = tokenOf(ROOM[0] + 2 * ROOM[1] + extra);
    expect(cookieWith(3).serialize(token, 60, false, undefined)).toStrictEqual({ ok: false, size: 3 * 4096 + extra });
  });

  it('keeps all cookies together within the size, for any count', () => {
    const token = tokenOf(ROOM[0] + ROOM[1]);
    expect(cookieWith(3, 8192).serialize(token, 60, false, undefined).ok).toBe(true);
    expect(cookieWith(3, 8191).serialize(token, 60, false, undefined)).toStrictEqual({ ok: false, size: 8192 });
    const size = 8192 + `s.2=x${TAIL}`.length;
    expect(cookieWith(3, 8192).serialize(`${token}x`, 60, false, undefined)).toStrictEqual({ ok: false, size });
    expect(cookieWith(3, size).serialize(`${token}x`, 60, false, undefined).ok).toBe(true);
  });

  it('writes sixteen cookies', () => {
    const token = tokenOf(60_000);
    const lines = linesOf(cookieWith(16), token);
    expect(lines).toHaveLength(15);
    expect(lines.map((line) => /^[^=]+=([^;]*)/.exec(line)?.[1]).join('')).toBe(token);
    expect(linesOf(cookieWith(16), tokenOf(70_000))).toStrictEqual([]);
  });

  it('deletes the surplus on shrinking, and nothing that is written anew', () => {
    const header = 's.2=c; s.4=e; s=a; s.1=b; s.15=p; s.16=q';
    expect(linesOf(cookieWith(3), tokenOf(ROOM[0] + 1), header).slice(2)).toStrictEqual([
      `s.2=; ${DELETION}`,
      `s.4=; ${DELETION}`,
      `s.15=; ${DELETION}`,
    ]);
    expect(linesOf(cookieWith(3), 'x', header).slice(1)).toStrictEqual([
      `s.1=; ${DELETION}`,
      `s.2=; ${DELETION}`,
      `s.4=; ${DELETION}`,
      `s.15=; ${DELETION}`,
    ]);
  });

  it.each([false, true])('deletes with the attributes of the cookie: secure %p', (secure) => {
    const cookie = cookieWith(2);
    const [deletion = ''] = cookie.delete(['s.1'], secure);
    expect(deletion.includes('; Secure; ')).toBe(secure);
    expect(cookie.serialize('x', 60, secure, 's.1=y')).toStrictEqual({
      ok: true,
      lines: [expect.stringMatching(/^s=x;/), deletion],
    });
  });

  it('writes nothing where the attributes leave no room for the token', () => {
    const cookie = cookieWith(3, 12_288, { ...ATTRIBUTES, path: `/${'x'.repeat(5000)}` });
    expect(cookie.serialize('abc', 60, false, undefined).ok).toBe(false);
  });
});
