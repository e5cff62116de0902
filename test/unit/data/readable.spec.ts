import { describe, expect, it } from '@jest/globals';
import { isReadable } from '../../../lib/data/readable.js';

const throwing = {
  get secret(): never {
    throw new Error('no');
  },
};
const circular: Record<string, unknown> = {};
circular['self'] = [circular];

describe('isReadable', () => {
  it.each<[string, unknown]>([
    ['plain data', { a: 1, b: [null, undefined, { c: 'x' }] }],
    ['Dates, Maps, Sets and bytes', { a: new Date(), b: new Map([[{}, [1]]]), c: new Set([{}]), d: new Uint8Array(2) }],
    ['an object that contains itself', circular],
    ['bytes in any number', new Uint8Array(1_000_000)],
  ])('takes %s', (_, value) => {
    expect(isReadable(value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a getter that throws', { a: throwing }],
    ['a getter that throws in a list', { a: [throwing] }],
    ['a getter that throws in a Map', { a: new Map([['b', throwing]]) }],
    ['a getter that throws as a key of a Map', { a: new Map([[throwing, 1]]) }],
    ['a getter that throws in a Set', { a: new Set([throwing]) }],
    ['an own key "__proto__"', JSON.parse('{"a":[{"__proto__":{"isAdmin":true}}]}')],
    [
      'a Proxy whose traps throw',
      new Proxy(
        {},
        {
          ownKeys() {
            throw new Error('no');
          },
        },
      ),
    ],
  ])('refuses %s', (_, value) => {
    expect(isReadable(value)).toBe(false);
  });
});
