import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeBase64url, decodeText, encodeBase64url, encodeText } from '../../../lib/crypto/base64.js';

const seed = Date.now() % 2 ** 31;
process.stdout.write(`base64url: fast-check seed ${seed}\n`);

const byNode = (text: string) => Buffer.from(text, 'utf8');

describe('decodeBase64url', () => {
  it('takes one spelling of all bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = encodeBase64url(Buffer.from(bytes));
        expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
        expect(decodeBase64url(text)).toStrictEqual(Buffer.from(bytes));
      }),
      { seed },
    );
  });

  it('takes no text that it would not write itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        const bytes = decodeBase64url(text);
        return bytes === undefined || encodeBase64url(bytes) === text;
      }),
      { seed },
    );
  });
});

describe('encodeText and decodeText', () => {
  it('write and read what Buffer does, lone surrogates too, one text after another', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 300 })), (given) => {
        for (const text of [...given, 'a\ud800b', '\udc00']) {
          expect(encodeText(text)).toBe(byNode(text).toString('base64url'));
          expect(decodeText(encodeText(text))).toBe(byNode(text).toString('utf8'));
        }
      }),
      { seed },
    );
  });

  it('keep the text out of the memory that small Buffers share', () => {
    const before = Buffer.from('a text in shared memory');
    decodeText(encodeText('a text that nobody else has: 12345'));
    const after = Buffer.from('a text in shared memory');
    for (const shared of [before.buffer, after.buffer].map((memory) => Buffer.from(memory))) {
      expect(shared.includes('a text in shared memory')).toBe(true);
      expect(shared.includes('a text that nobody else has')).toBe(false);
    }
  });
});
