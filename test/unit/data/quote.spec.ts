import { describe, expect, it } from '@jest/globals';
import { quote } from '../../../lib/data/quote.js';

describe('quote', () => {
  it.each<[string, string]>([
    ['user', '"user"'],
    ['a "quoted" key', '"a \\"quoted\\" key"'],
    ['schlüssel 🍪', '"schlüssel 🍪"'],
    ['x\n[Nest] forged\u001b[2J', '"x\\n[Nest] forged\\u001b[2J"'],
    ['\u009b2J\u007f', '"\\u009b2J\\u007f"'],
    ['a\u2028b\u2029c\u0085d', '"a\\u2028b\\u2029c\\u0085d"'],
    ['\u202eright to left', '"\\u202eright to left"'],
    ['\u{e0041} tag', '"\\udb40\\udc41 tag"'],
    ['x'.repeat(80), `"${'x'.repeat(80)}"`],
    ['x'.repeat(9000), `"${'x'.repeat(80)}…"`],
  ])('shows %j as %s', (text, expected) => {
    expect(quote(text)).toBe(expected);
  });
});
