import { describe, expect, it } from '@jest/globals';
import { MAX_CANDIDATES, readCookies } from '../../../lib/cookie/cookie-header.js';

const NBSP = '\u00a0';

describe('readCookies', () => {
  it.each<[string, string | undefined, string[]]>([
    ['no header', undefined, []],
    ['an empty header', '', []],
    ['blanks only', ' \t ', []],
    ['separators only', ';;; ;', []],
    ['the only cookie', 'session=a.b.c', ['a.b.c']],
    ['the first cookie', 'session=abc; theme=dark', ['abc']],
    ['a cookie in the middle', 'lang=de; session=abc; theme=dark', ['abc']],
    ['the last cookie', 'lang=de; session=abc', ['abc']],
    ['no blank after the separator', 'lang=de;session=abc;theme=dark', ['abc']],
    ['a separator at the end', 'session=abc;', ['abc']],
    ['a separator at the start', '; session=abc', ['abc']],
    ['empty pairs between', 'a=1;;; ;session=abc;;', ['abc']],
    ['blanks and tabs before the name', 'a=1; \t \tsession=abc', ['abc']],
    ['blanks and tabs at the start of the header', '\t session=abc', ['abc']],
    ['blanks and tabs around the value', 'session= \tabc\t ; a=1', ['abc']],
    ['blanks inside the value', 'session=a b\tc', ['a b\tc']],
    ['a value of blanks', 'session= \t ; a=1', ['']],
    ['an empty value', 'session=', ['']],
    ['an empty value before others', 'session=; session=abc', ['', 'abc']],
    ['U+00A0 before the name, which is no blank', `${NBSP}session=abc`, []],
    ['U+00A0 after the separator', `a=1;${NBSP}session=abc`, []],
    ['U+00A0 around the value, which belongs to it', `session=${NBSP}abc${NBSP}`, [`${NBSP}abc${NBSP}`]],
    ['a line break before the name, which is no blank', 'a=1;\nsession=abc', []],
    ['a line break in the value', 'session=abc\n', ['abc\n']],
    ['a longer name with ours at its end', 'xsession=evil', []],
    ['a longer name with ours at its start', 'session2=evil; session.1=evil; sessions=evil', []],
    ['a name of other case', 'Session=evil; SESSION=evil', []],
    ["our name in another cookie's value", 'a=session=evil', []],
    ["our name after a blank in another cookie's value", 'a=1 session=evil', []],
    ["our name after blanks in another cookie's name", 'a session=evil', []],
    ['our name in a longer name and then in its own', 'xsession=evil; session=abc', ['abc']],
    ["our name in another's value and then in its own", 'a=session=evil; session=abc', ['abc']],
    ['our name in our own value', 'session=session=abc', ['session=abc']],
    ['our name after a blank in our own value', 'session=abc session=x', ['abc session=x']],
    ['a name without "="', 'session; a=1', []],
    ['a name without "=" before a cookie', 'session; session=abc', ['abc']],
    ['equals signs in the value', 'session=a=b==', ['a=b==']],
    ['quotes, which belong to the value', 'session="abc"', ['"abc"']],
    ['percent signs, which are not decoded', 'session=%61%3B', ['%61%3B']],
    ['a comma, which separates nothing', 'session=abc, session=x', ['abc, session=x']],
    ['a value beyond ASCII', 'session=é', ['é']],
    ['duplicates, in their order', 'session=b; session=a; x=1; session=b', ['b', 'a', 'b']],
    ['four cookies', 'session=1; session=2; session=3; session=4', ['1', '2', '3', '4']],
    ['more than four cookies', 'session=1; session=2; a=0; session=3; session=4; session=5', ['1', '2', '3', '4']],
  ])('reads %s', (_, header, expected) => {
    expect(readCookies(header, 'session')).toStrictEqual(expected);
  });

  it.each(['a.b', 'a+b', '$name', '^x', 'a|b', '*', '__Host-id'])('takes the name %s literally', (name) => {
    expect(readCookies(`axb=1; ab=1; a=1; x=1; ${name}=yes; ${name}${name}=2`, name)).toStrictEqual(['yes']);
  });

  it('looks at four cookies of the name at most', () => {
    expect(MAX_CANDIDATES).toBe(4);
    expect(readCookies('session=1; '.repeat(100_000), 'session')).toStrictEqual(['1', '1', '1', '1']);
  });

  it.each([
    ['near misses', 'xsession=1; '.repeat(200_000)],
    ['our name without end', 'session='.repeat(200_000)],
    ['blanks', ' '.repeat(2_000_000)],
    ['blanks before each near miss', `${' '.repeat(20)}x session=`.repeat(50_000)],
  ])('reads millions of characters in no time: %s', (_, header) => {
    const start = process.hrtime.bigint();
    readCookies(header, 'session');
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(1000);
  });
});
