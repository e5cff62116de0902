import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { HmacSha256 } from '../../../lib/crypto/hmac-sha256.js';
import { collectGarbage } from '../../support/garbage.js';

const seed = Date.now() % 2 ** 31;
process.stdout.write(`hmac-sha256: fast-check seed ${seed}\n`);

const hex = (text: string) => Buffer.from(text, 'hex');
const byNode = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text, 'utf8').digest();

describe('HmacSha256', () => {
  // RFC 4231 §4.2 to §4.5, those of which the data is text.
  it.each([
    ['0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    ['4a656665', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  ])('gives what RFC 4231 says for the key %s', (key, text, expected) => {
    expect(new HmacSha256(hex(key)).digest(text).toString('hex')).toBe(expected);
    expect(new HmacSha256(hex(key)).sign(text)).toBe(hex(expected).toString('base64url'));
  });

  it('gives what createHmac gives, for keys up to a block and texts of all lengths, one after another', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.array(fc.string({ unit: 'binary', maxLength: 300 })),
        (key, texts) => {
          const hmac = new HmacSha256(key);
          for (const text of texts) {
            expect(hmac.digest(text)).toStrictEqual(byNode(key, text));
            expect(hmac.sign(text)).toBe(byNode(key, text).toString('base64url'));
          }
        },
      ),
      { seed },
    );
  });

  it.each([1365, 1366, 4096, 4097, 70_000])(
    'has room for %d characters, of one byte or of three, and for few after',
    (length) => {
      const key = Buffer.alloc(32, 7);
      const hmac = new HmacSha256(key);
      for (const text of ['x'.repeat(length), '€'.repeat(length), 'short', '']) {
        expect(hmac.digest(text)).toStrictEqual(byNode(key, text));
      }
    },
  );

  it('keeps no room for a text that is far too large for a cookie', () => {
    const hmac = new HmacSha256(Buffer.alloc(32, 7));
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    hmac.sign('x'.repeat(10_000_000));
    collectGarbage();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    expect(hmac.sign('short')).toBe(byNode(Buffer.alloc(32, 7), 'short').toString('base64url'));
  });

  it('gives different values for characters with the same low byte', () => {
    const hmac = new HmacSha256(Buffer.alloc(32));
    expect(hmac.sign('B')).not.toBe(hmac.sign('\u0142'));
  });

  it('follows neither the key nor the digest when they are overwritten', () => {
    const key = Buffer.alloc(32, 1);
    const hmac = new HmacSha256(key);
    const expected = byNode(key, 'text').toString('hex');
    key.fill(0);
    hmac.digest('text').fill(0);
    expect(hmac.digest('text').toString('hex')).toBe(expected);
  });

  it('takes a key as long as a block', () => {
    const key = Buffer.alloc(64, 7);
    expect(new HmacSha256(key).digest('text')).toStrictEqual(byNode(key, 'text'));
  });

  it('refuses a key longer than a block, which would have to be hashed first', () => {
    expect(() => new HmacSha256(Buffer.alloc(65))).toThrow(RangeError);
  });

  it('keeps the key out of the memory that small Buffers share', () => {
    const key = Buffer.alloc(32, 'a key that nobody else has: 12345');
    const before = Buffer.from('a text in shared memory');
    const hmac = new HmacSha256(key);
    hmac.sign('text');
    const digest = hmac.digest('text');
    const after = Buffer.from('a text in shared memory');
    for (const shared of [before.buffer, after.buffer].map((memory) => Buffer.from(memory))) {
      // A copy there would be found.
      expect(shared.includes('a text in shared memory')).toBe(true);
      for (const pad of [0, 0x36, 0x5c]) {
        const padded = Buffer.alloc(16);
        padded.set(key.subarray(0, 16).map((byte) => byte ^ pad));
        expect([pad, shared.includes(padded)]).toStrictEqual([pad, false]);
      }
      expect(shared.includes(digest)).toBe(false);
    }
  });

  it('shows nothing when inspected', () => {
    expect(inspect(new HmacSha256(Buffer.alloc(32, 1)), { showHidden: true })).toBe('HmacSha256 {}');
  });
});
