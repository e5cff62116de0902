import { describe, expect, it } from '@jest/globals';
import { isPlainJson } from '../../../lib/data/serializable.js';
import { nested } from './nested.js';

class Point {
  readonly x = 1;
}

describe('isPlainJson', () => {
  it.each<[string, object]>([
    ['nothing', {}],
    ['plain values', { a: 'x', b: -1.5, c: true, d: null, e: [1, ['y', null]], f: { g: false } }],
    ['data nested 100 levels deep, itself counted', nested(100)],
  ])('knows %s', (_, data) => {
    expect(isPlainJson(data)).toBe(true);
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  it.each<[string, object]>([
    ['a BigInt', { a: 1n }],
    ['a function', { a: [() => 1] }],
    ['a Map among plain values', { a: ['x', new Map(), 'y'] }],
    ['a symbol', { a: Symbol('a') }],
    ['undefined', { a: undefined }],
    ['a toJSON()', { a: { toJSON: () => 1 } }],
    ['a toJSON() that is not enumerable', { a: Object.defineProperty({}, 'toJSON', { value: () => 1n }) }],
    ['a Date', { a: new Date(0) }],
    ['an object of a class', { a: new Point() }],
    ['an object without a prototype', { a: Object.create(null) as object }],
    ['an own __proto__', JSON.parse('{"a":{"__proto__":1}}') as object],
    ['data nested 101 levels deep', nested(101)],
    ['itself', cycle],
    [
      'a getter that throws',
      {
        get a(): never {
          throw new Error('VALUE');
        },
      },
    ],
  ])('leaves %s to the slower look', (_, data) => {
    expect(isPlainJson(data)).toBe(false);
  });
});
