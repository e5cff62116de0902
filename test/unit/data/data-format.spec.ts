import { describe, expect, it } from '@jest/globals';
import { JSON_FORMAT } from '../../../lib/data/data-format.js';
import { errorOf } from '../../support/errors.js';
import { nested } from '../../support/nested.js';

const write = (data: Record<string, unknown>) => JSON_FORMAT.write(data);

function throws(): never {
  throw new Error('VALUE');
}

describe('JSON_FORMAT', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['nothing', {}, '{}'],
    [
      'plain values',
      { a: 'x', b: -1.5, c: true, d: null, e: [], f: {} },
      '{"a":"x","b":-1.5,"c":true,"d":null,"e":[],"f":{}}',
    ],
    ['keys in their order', { b: 1, a: 2 }, '{"b":1,"a":2}'],
    [
      'a Date as text',
      { at: new Date(0), list: [new Date(0)] },
      '{"at":"1970-01-01T00:00:00.000Z","list":["1970-01-01T00:00:00.000Z"]}',
    ],
    ['a URL as text', { url: new URL('https://example.org/') }, '{"url":"https://example.org/"}'],
    ['what toJSON() returns', { a: { toJSON: () => ({ b: 1 }) } }, '{"a":{"b":1}}'],
    ['no undefined value', { a: undefined, b: { c: undefined } }, '{"b":{}}'],
    ['a getter by its value', Object.defineProperty({}, 'a', { enumerable: true, get: () => 1 }), '{"a":1}'],
    ['an object without a prototype', { a: Object.assign(Object.create(null), { b: 1 }) }, '{"a":{"b":1}}'],
    ['a lone surrogate', { a: '\ud800' }, '{"a":"\\ud800"}'],
  ])('writes %s', (_, data, text) => {
    expect(write(data)).toBe(text);
  });

  it('writes an object twice that is there twice, but not inside itself', () => {
    const shared = { secret: [1] };
    expect(write({ a: shared, b: { c: shared, d: [shared, shared] } })).toBe(
      '{"a":{"secret":[1]},"b":{"c":{"secret":[1]},"d":[{"secret":[1]},{"secret":[1]}]}}',
    );
  });

  it('writes data nested 100 levels deep, itself counted', () => {
    expect(write(nested(100))).toBe('{"a":'.repeat(99) + '{}' + '}'.repeat(99));
  });

  it('refuses a value that JSON.stringify would drop without a word', () => {
    expect(errorOf(() => write({ a: { b: () => 1 } }))).toStrictEqual({
      code: 'ERR_SESSION_NOT_SERIALIZABLE',
      message:
        'Cannot save the session: "a.b" cannot be written as JSON, it is a function. ' +
        'Store plain data: strings, finite numbers, booleans, null, arrays and objects of these.',
    });
  });

  // What is nested deeper is malformed when it comes back, so the session would be lost without a word.
  it('refuses a toJSON() whose result makes it nested deeper than 100 levels', () => {
    expect(write({ key: { toJSON: () => nested(99) } })).toHaveLength('{"key":}'.length + 98 * '{"a":}'.length + 2);
    expect(errorOf(() => write({ key: { toJSON: () => nested(100) } }))).toStrictEqual({
      code: 'ERR_SESSION_NOT_SERIALIZABLE',
      message:
        `Cannot save the session: "${`key${'.a'.repeat(99)}`.slice(0, 80)}…" cannot be written as JSON, it is nested deeper than 100 ` +
        'levels. Store plain data: strings, finite numbers, booleans, null, arrays and objects of these.',
    });
  });

  // It is asked twice: once to look into what it returns, once to write it.
  it.each([
    ['"key"', [1, throws, throws]],
    ['it', [1, throws, 1]],
  ])('refuses a toJSON() that fails the second time, naming %s if it goes on failing', (subject, answers) => {
    let calls = 0;
    const toJSON = () => {
      const answer = answers[calls++];
      return typeof answer === 'function' ? answer() : answer;
    };
    expect(errorOf(() => write({ ok: 1, key: { toJSON } }))).toStrictEqual({
      code: 'ERR_SESSION_NOT_SERIALIZABLE',
      message:
        `Cannot save the session: ${subject} cannot be written as JSON, its toJSON() fails. ` +
        'Store plain data: strings, finite numbers, booleans, null, arrays and objects of these.',
    });
  });

  it('reads the text that it wrote', () => {
    expect(JSON_FORMAT.read('{"a":[1],"b":{"c":null}}')).toStrictEqual({ a: [1], b: { c: null } });
  });

  it('accepts the object in the claims as it is, and no text', () => {
    const data = { a: 1 };
    expect(JSON_FORMAT.accept(data)).toBe(data);
    expect(JSON_FORMAT.accept('{}')).toBeUndefined();
    expect(JSON_FORMAT.accept('')).toBeUndefined();
  });
});

describe('isSame, of JSON', () => {
  it.each([
    ['the same text', '{"a":1}', '{"a":1}', true],
    ['another order of keys', '{"a":1,"b":{"c":[1],"d":2}}', '{"b":{"d":2,"c":[1]},"a":1}', true],
    ['another order of numeric-like keys', '{"a":1,"1":2}', '{"1":2,"a":1}', true],
    ['another value of the same length', '{"a":1}', '{"a":2}', false],
    ['another key of the same length', '{"a":1}', '{"b":1}', false],
    ['another order of a list', '{"a":[1,2]}', '{"a":[2,1]}', false],
    ['values swapped between keys', '{"a":1,"b":2}', '{"a":2,"b":1}', false],
    ['a list for an object of the same length', '{"a":[]}', '{"a":{}}', false],
    ['a number for text of the same length', '{"a":"1"}', '{"a":123}', false],
    ['a deep difference', '{"a":{"b":[{"c":1}]}}', '{"a":{"b":[{"c":2}]}}', false],
    ['one key more', '{"a":1}', '{"a":1,"b":2}', false],
    ['no text, which stands for what cannot be written', '', '{}', false],
  ])('tells %s', (_, a, b, expected) => {
    expect(JSON_FORMAT.isSame(a, b)).toBe(expected);
    expect(JSON_FORMAT.isSame(b, a)).toBe(expected);
  });
});

describe('largestKeys, of JSON', () => {
  it('names the three largest keys with their sizes in bytes, largest first', () => {
    const data = { tiny: 1, cart: 'x'.repeat(50), name: 'ü'.repeat(30), list: [1, 2, 3] };
    expect(JSON_FORMAT.largestKeys(data)).toBe('"name" (71 bytes), "cart" (61 bytes), "list" (16 bytes)');
  });

  it('names as many as there are', () => {
    expect(JSON_FORMAT.largestKeys({ only: null })).toBe('"only" (13 bytes)');
    expect(JSON_FORMAT.largestKeys({})).toBe('');
  });
});
