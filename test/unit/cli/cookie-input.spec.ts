import { describe, expect, it } from '@jest/globals';
import { findCandidates } from '../../../lib/cli/cookie-input.js';
import { vectorsOf } from './support.js';

const [{ token }] = vectorsOf('signed-v1');
const [{ token: encrypted }] = vectorsOf('encrypted-v1');
const interop = vectorsOf('interop');
const cookieSession = interop.find(({ format }) => format === 'cookie-session');
const [value = '', signature = ''] = cookieSession?.values ?? [];

/** Bytes of the cookies of each candidate. */
function sizesOf(text: string): (readonly number[])[] {
  return findCandidates(text, undefined).map(({ sizes }) => sizes);
}

/** Name and token of each candidate. */
function found(text: string, name?: string): string[] {
  return findCandidates(text, name).map((each) => `${each.cookieName}=${each.token}`);
}

describe('findCandidates', () => {
  it.each<[string, string]>([
    ['a value', token],
    ['a value with blanks around it', `  ${token}\n`],
    ['name and value', `session=${token}`],
    ['a Cookie header', `Cookie: theme=dark; session=${token}; lang=en`],
    ['the content of a Cookie header', `theme=dark; session=${token}; lang=en`],
    ['a Cookie header as curl prints it', `> cookie: theme=dark; session=${token}`],
    ['a Set-Cookie line', `Set-Cookie: session=${token}; Max-Age=60; Path=/; HttpOnly`],
    ['a Set-Cookie line as curl prints it', `< set-cookie: session=${token}; Path=/\r\n`],
    ['the content of a Set-Cookie line', `session=${token}; Path=/; HttpOnly; SameSite=Lax`],
    ['several Set-Cookie lines', `Set-Cookie: theme=dark; Path=/\nSet-Cookie: session=${token}; Path=/`],
  ])('finds the token in %s', (_, text) => {
    expect(found(text)).toEqual([`session=${token}`]);
  });

  it('takes the name of the first cookie that looks like a session', () => {
    expect(found(`theme=dark; sid=${token}; other=${encrypted}`)).toEqual([`sid=${token}`]);
  });

  it('prefers the name "session"', () => {
    expect(found(`sid=${token}; session=${encrypted}`)).toEqual([`session=${encrypted}`]);
    expect(found(`theme=dark; session=junk`)).toEqual(['session=junk']);
  });

  it('takes another cookie where that of the name "session" is none', () => {
    expect(found(`session=junk; sid=${token}`)).toEqual([`sid=${token}`]);
  });

  it('looks at nothing but the name that was given', () => {
    expect(found(`session=${token}; sid=junk`, 'sid')).toEqual(['sid=junk']);
    expect(found(token, 'sid')).toEqual([`sid=${token}`]);
    expect(found(`session=${token}`, 'sid')).toEqual([]);
  });

  it('takes a value that is no token as a value', () => {
    expect(found('junk')).toEqual(['session=junk']);
  });

  it('finds both of two cookies of one name', () => {
    expect(found(`session=${encrypted}; session=${token}`)).toEqual([`session=${encrypted}`, `session=${token}`]);
  });

  it('puts chunks together, from a Cookie header and from Set-Cookie lines', () => {
    const chunks = [token.slice(0, 90), token.slice(90, 180), token.slice(180)];
    const pairs = chunks.map((chunk, index) => `session${index === 0 ? '' : `.${index}`}=${chunk}`);
    expect(found(pairs.join('; '))[0]).toBe(`session=${token}`);
    expect(found(pairs.map((pair) => `Set-Cookie: ${pair}; Path=/`).join('\n'))[0]).toBe(`session=${token}`);
    const sizes = pairs.map((pair) => pair.length);
    expect(findCandidates(pairs.join('; '), undefined)[0]?.sizes).toEqual(sizes);
  });

  it('leaves out chunks that a response deletes', () => {
    const lines = `Set-Cookie: session=${token}; Path=/\nSet-Cookie: session.1=; Max-Age=0; Path=/`;
    expect(found(lines)).toEqual([`session=${token}`]);
  });

  it('finds the signature of cookie-session beside its value', () => {
    const [candidate, ...others] = findCandidates(`session=${value}; session.sig=${signature}`, undefined);
    expect(candidate).toMatchObject({ cookieName: 'session', token: value, companion: signature });
    expect(others).toEqual([]);
  });

  it.each(interop.map(({ format, description, values }) => [format, description, values[0]] as const))(
    'takes a value of %s as a value: %s',
    (_format, _description, text) => {
      expect(found(text)).toEqual([`session=${text}`]);
    },
  );

  it('counts name and value, and of a Set-Cookie line its attributes too', () => {
    const attributes = '; Path=/; HttpOnly';
    const pair = `session=${token}`;
    expect(sizesOf(token)).toEqual([[pair.length]]);
    expect(sizesOf(`a=b; ${pair}`)).toEqual([[pair.length]]);
    expect(sizesOf(`Set-Cookie: ${pair}${attributes}`)).toEqual([[pair.length + attributes.length]]);
    expect(sizesOf('session=ü')).toEqual([['session=ü'.length + 1]]);
  });

  it.each(['', ' \n', 'Cookie:', 'Set-Cookie: HttpOnly', '=', 'a b=c', 'session='])('finds no token in %j', (text) => {
    expect(findCandidates(text, undefined).filter(({ recognised }) => recognised !== undefined)).toEqual([]);
  });
});
