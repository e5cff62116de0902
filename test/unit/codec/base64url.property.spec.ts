import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeBase64url, encodeBase64url } from '../../../lib/codec/base64url.js';

const seed = Date.now() % 2 ** 31;
process.stdout.write(`base64url: fast-check seed ${seed}\n`);

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
