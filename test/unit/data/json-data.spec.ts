import { describe, expect, it } from '@jest/globals';
import { copyJson, isSafeJson, jsonSizes } from '../../../lib/data/json-data.js';
import { MAX_DEPTH } from '../../../lib/data/serializable.js';
import { nested } from '../../support/nested.js';

describe('isSafeJson', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['text', 'text'],
    ['nothing', {}],
    ['lists and objects', { a: [1, { b: [[]] }], c: null }],
    ['keys that every object inherits', JSON.parse('{"constructor":1,"toString":{"valueOf":2}}')],
    ['100 levels, the outermost included', nested(100)],
    ['100 levels of lists', JSON.parse('['.repeat(100) + ']'.repeat(100))],
  ])('accepts %s', (_, value) => {
    expect(isSafeJson(value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['101 levels', nested(101)],
    ['101 levels of lists', JSON.parse('['.repeat(101) + ']'.repeat(101))],
    ['levels far beyond the stack', nested(200_000)],
    ['a __proto__ key', JSON.parse('{"__proto__":{}}')],
    ['a __proto__ key deep inside', JSON.parse('{"a":[1,{"b":{"__proto__":1}}]}')],
    ['a __proto__ key written with an escape', JSON.parse('{"a":{"\\u005f_proto__":1}}')],
  ])('refuses %s', (_, value) => {
    expect(isSafeJson(value)).toBe(false);
    expect(MAX_DEPTH).toBe(100);
  });
});

describe('copyJson', () => {
  it('copies all levels, and shares none', () => {
    const value = { a: [1, { b: 'x' }], c: null, d: { e: [] } };
    const copy = copyJson(value);
    expect(copy).toStrictEqual(value);
    expect([copy.a === value.a, copy.a[1] === value.a[1], copy.d.e === value.d.e]).toStrictEqual([false, false, false]);
  });
});

describe('jsonSizes', () => {
  it.each<[string, unknown]>([
    ['text', 'a"ü🍪\u0000'],
    ['numbers and flags', [1.5e300, -0, true, null]],
    ['an object', { a: { b: [1, 2, 'x'] }, c: {}, d: [] }],
    ['a Date', new Date(0)],
    ['what JSON drops in an object', { a: undefined, b: 1 }],
    ['what JSON drops in a list', [undefined, 1]],
    ['nothing at all', undefined],
    ['an object whose toJSON() gives nothing', { toJSON: () => undefined }],
  ])('is the length of the JSON in bytes: %s', (_, value) => {
    const data = { key: value };
    expect(jsonSizes(data)).toStrictEqual([['key', Buffer.byteLength(JSON.stringify(data))]]);
  });

  it('measures an object once that occurs very often', () => {
    let value: unknown = ['x'];
    for (let level = 0; level < 60; level++) value = [value, value];
    const [[key, size] = ['', 0]] = jsonSizes({ doubled: value });
    expect(key).toBe('doubled');
    expect(size).toBeGreaterThan(2 ** 60);
  });
});
