import { describe, expect, it } from '@jest/globals';
import { depthOf, MAX_DEPTH } from '../../../lib/data/serializable.js';
import { nested } from './nested.js';

describe('depthOf', () => {
  it.each<[number, string, unknown]>([
    [0, 'null', null],
    [0, 'text', 'text'],
    [0, 'undefined', undefined],
    [0, 'a function', () => ({ a: {} })],
    [1, 'an empty object', {}],
    [1, 'an empty list', []],
    [1, 'plain values', { a: 1, b: 'x', c: null }],
    [2, 'an object in an object', { a: {} }],
    [3, 'a list in a list in a list', [[[]]]],
    [3, 'the deepest part, wherever it stands', { a: 1, b: { c: [] }, d: {}, e: null }],
    [3, 'the deepest part of a list', [1, [[]], []]],
    [100, '100 levels', nested(100)],
    [101, '101 levels', nested(101)],
  ])('is %d for %s', (depth, _, value) => {
    expect(depthOf(value)).toBe(depth);
  });

  it('counts no further than one above the limit', () => {
    expect(MAX_DEPTH).toBe(100);
    expect(depthOf(nested(102))).toBe(101);
    expect(depthOf(nested(100_000))).toBe(101);
    expect(depthOf({ a: nested(100_000), b: {} })).toBe(101);
  });

  it('does not look at what it counts below the limit', () => {
    const value = nested(100);
    const deepest = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('Looked at.');
      },
    });
    expect(depthOf({ a: value, b: 1 })).toBe(101);
    expect(depthOf(deepest, 101)).toBe(101);
  });
});
