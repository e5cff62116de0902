import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { readCookies } from '../../../lib/cookie/cookie-header.js';

const seed = Date.now() % 2 ** 31;
process.stdout.write(`readCookies: fast-check seed ${seed}\n`);

const trim = (text: string) => text.replaceAll(/^[ \t]+|[ \t]+$/g, '');

/** The same, as simply as it can be said. */
function readNaively(header: string, name: string): string[] {
  return header
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+/, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => trim(pair.slice(name.length + 1)))
    .slice(0, 4);
}

describe('readCookies, compared with a naive reader', () => {
  const piece = fc.constantFrom(
    's',
    'x',
    's=',
    '=',
    ';',
    '; ',
    ' ',
    '\t',
    '\u00a0',
    '\n',
    ',',
    '"',
    'a.b',
    'é',
    's=1; ',
  );
  const name = fc.constantFrom('s', 'ss', 'a.b', 'x');

  it('finds the same values in headers made of awkward pieces', () => {
    let found = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30, size: 'max' }), name, (pieces, wanted) => {
        const header = pieces.join('');
        const values = readCookies(header, wanted);
        found += values.length;
        expect(values).toStrictEqual(readNaively(header, wanted));
      }),
      { seed, numRuns: 3000 },
    );
    expect(found).toBeGreaterThan(200);
  });

  it('finds the same values in any text', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(text), name, (parts, wanted) => {
        const header = parts.join(`;${wanted}=`);
        expect(readCookies(header, wanted)).toStrictEqual(readNaively(header, wanted));
      }),
      { seed },
    );
  });

  it('finds each value that a browser put there, in its order', () => {
    const octet = fc.stringMatching(/^[!#-+\--:<-[\]-~]*$/);
    const other = fc.stringMatching(/^[a-z]{1,3}=[A-Za-z0-9=]*$/);
    const cookies = fc.array(
      fc.oneof({ arbitrary: octet.map((value) => `s1=${value}`), weight: 1 }, { arbitrary: other, weight: 2 }),
    );
    fc.assert(
      fc.property(cookies, (pairs) => {
        const expected = pairs.filter((pair) => pair.startsWith('s1=')).map((pair) => pair.slice(3));
        expect(readCookies(pairs.join('; '), 's1')).toStrictEqual(expected.slice(0, 4));
      }),
      { seed },
    );
  });
});
