import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parsePythonJson } from '../../lib/interop/python/python-json.js';

const parse = (text: string): unknown => {
  try {
    return parsePythonJson(text);
  } catch (error) {
    return (error as Error).name;
  }
};

describe('JSON as Python writes it', () => {
  it.each([
    ['{"a": NaN}', { a: null }],
    ['[NaN, Infinity, -Infinity]', [null, null, null]],
    ['{"a":Infinity\n}', { a: null }],
    ['NaN', null],
    ['[1e400, -1e400, 1e308]', [null, null, 1e308]],
    ['[9007199254740991, -9007199254740991]', [9007199254740991, -9007199254740991]],
    ['[9007199254740992, 9007199254740993]', [2 ** 53, '9007199254740993']],
    ['[-9007199254740993, 18446744073709551615]', ['-9007199254740993', '18446744073709551615']],
    // 2^60: JavaScript would write 1152921504606847000.
    ['[1152921504606846976, 1152921504606847000]', ['1152921504606846976', 1152921504606847000]],
    ['[100000000000000000000, 1000000000000000000000, 1e+21]', [1e20, '1000000000000000000000', 1e21]],
    [`[${'9'.repeat(400)}]`, ['9'.repeat(400)]],
    ['[0.1234567890123456, 1152921504606847000.0]', [0.1234567890123456, 1152921504606847000]],
    ['[1.5e300, -0.0, 5e-324]', [1.5e300, -0, 5e-324]],
  ])('is %s', (text, expected) => {
    expect(parse(text)).toStrictEqual(expected);
  });

  it.each([
    '{"NaN": "NaN, Infinity"}',
    '{"a": "9007199254740993"}',
    '{"a\\\\": "\\\\\\", 9007199254740993, NaN]"}',
    '["\\"", "NaN", "1e400]"]',
    '"line\\nNaN,"',
  ])('is left alone within strings: %s', (text) => {
    expect(parse(text)).toStrictEqual(JSON.parse(text));
  });

  it.each([
    '{NaN: 1}',
    '{9007199254740993: 1}',
    '[-NaN]',
    '[+Infinity]',
    '[nan]',
    '[NaNNaN]',
    '[Infinity1]',
    '[NaN 1]',
    '[09007199254740993]',
    '[9007199254740993.]',
    '[.9007199254740993]',
    '[1e]',
    '[NaN',
    'NaN]',
    '["NaN]',
    '[1,NaN,]',
    '',
    '9007199254740993 9007199254740993',
    '[1_000_000_000_000_000_000]',
    "['NaN']",
    '[True]',
    '[None, NaN]',
  ])('is strict otherwise: %s', (text) => {
    expect(parse(text)).toBe('SyntaxError');
  });

  it('is all that JSON.stringify writes, unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parsePythonJson(text)).toStrictEqual(JSON.parse(text));
      }),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = JSON.stringify([value]);
        expect(parsePythonJson(text)).toStrictEqual(JSON.parse(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('comes back to Python with the digits of every integer', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (value) => {
        const [read] = parsePythonJson(`[${value}]`) as [number | string];
        expect(typeof read === 'number' ? JSON.stringify(read) : read).toBe(String(value));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes time in proportion to its length', () => {
    const start = performance.now();
    for (const text of [
      `["${'\\"'.repeat(30_000)}`,
      `[${'1'.repeat(60_000)}`,
      '"'.repeat(3_000) + 'NaN',
      '['.repeat(60_000),
    ]) {
      expect(parse(`${text} NaN`)).toBe('SyntaxError');
    }
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
