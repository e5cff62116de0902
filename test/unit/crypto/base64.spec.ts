import { describe, expect, it } from '@jest/globals';
import { decodeBase64url, decodeText, encodeBase64url, encodeText } from '../../../lib/crypto/base64.js';

describe('encodeBase64url', () => {
  it.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ])('writes %j of RFC 4648 §10 without padding', (text, expected) => {
    expect(encodeBase64url(Buffer.from(text))).toBe(expected);
    expect(decodeBase64url(expected)).toStrictEqual(Buffer.from(text));
  });

  it('writes "-" and "_" for the last two characters of the alphabet', () => {
    expect(encodeBase64url(Buffer.from('fbefff', 'hex'))).toBe('--__');
    expect(decodeBase64url('--__')).toStrictEqual(Buffer.from('fbefff', 'hex'));
  });
});

describe('decodeBase64url', () => {
  it.each([
    ['padding', 'Zg=='],
    ['a part of the padding', 'Zg='],
    ['spare bits that are set', 'Zh'],
    ['spare bits that are set after two bytes', 'Zm9'],
    ['the alphabet of base64', '++//'],
    ['a blank', 'Zm 9v'],
    ['a line break at the end', 'Zm9v\n'],
    ['a character that is too much', 'Zm9vA'],
    ['one character', 'A'],
    ['a dot', 'Zm9v.'],
    ['a character beyond ASCII', 'Zm9vé'],
    ['a character whose low byte is in the alphabet', 'Zm9\u0176'],
    ['a lone surrogate', 'Zm9v\ud800'],
    ['a NUL', 'Zm9v\0'],
  ])('refuses %s', (_, text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  });
});

describe('encodeText and decodeText', () => {
  it.each([4095, 4096, 4097, 12_288, 16_384, 16_385, 100_000])(
    'have room for %d characters, of one byte or of three, and for few after',
    (length) => {
      for (const text of ['x'.repeat(length), '€'.repeat(length), 'short', '']) {
        expect(encodeText(text)).toBe(Buffer.from(text, 'utf8').toString('base64url'));
        expect(decodeText(encodeText(text))).toBe(text);
      }
    },
  );
});
