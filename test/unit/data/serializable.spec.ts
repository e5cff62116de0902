import { describe, expect, it } from '@jest/globals';
import { JSON_FORMAT } from '../../../lib/data/data-format.js';
import { findObstacle, notSerializable } from '../../../lib/data/serializable.js';
import type { SessionRecord } from '../../../lib/data/session-data.js';
import { errorOf } from '../../support/errors.js';
import { nested } from '../../support/nested.js';

function throws(): never {
  throw new Error('VALUE');
}

function raise(error: Error): never {
  throw error;
}

const refusal = (path: string, why: string) => ({
  code: 'ERR_SESSION_NOT_SERIALIZABLE',
  message:
    `Cannot save the session: "${path.length > 80 ? `${path.slice(0, 80)}…` : path}" cannot be written as JSON, ${why}. ` +
    'Store plain data: strings, finite numbers, booleans, null, arrays and objects of these.',
});

const find = (data: SessionRecord) => findObstacle(data, Infinity);

describe('findObstacle', () => {
  it.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['plain values', { a: 'x', b: -1.5, c: true, d: null, e: [], f: {}, g: undefined }],
    ['data nested 100 levels deep, itself counted', nested(100)],
    ['a list nested in 99 levels', { list: JSON.parse('['.repeat(99) + ']'.repeat(99)) as unknown }],
    ['what is there twice, but not inside itself', { a: nested(2), b: [nested(2)] }],
    ['what has a toJSON(), whatever is in it', { a: { toJSON: () => 1, b: () => 1 } }],
    ['what inherits a toJSON()', { a: new Date(0), b: new URL('https://example.org/') }],
    ['a BigInt that is not enumerable', Object.defineProperty({}, 'a', { value: 1n })],
    ['a BigInt under a symbol', { a: { [Symbol('s')]: 1n } }],
  ])('lets pass %s', (_, data) => {
    expect(find(data)).toBeUndefined();
  });

  it('lets pass an object that is there twice, one behind the other', () => {
    const shared = { list: [1] };
    expect(find({ a: shared, b: { c: shared, d: [shared, shared] } })).toBeUndefined();
  });

  it('refuses data nested 101 levels deep, in objects and in arrays', () => {
    const why = 'it is nested deeper than 100 levels';
    expect(errorOf(() => JSON_FORMAT.write(nested(101)))).toStrictEqual(refusal(`a${'.a'.repeat(99)}`, why));
    const list: unknown = JSON.parse('['.repeat(100) + ']'.repeat(100));
    expect(errorOf(() => JSON_FORMAT.write({ list }))).toStrictEqual(refusal(`list${'[0]'.repeat(99)}`, why));
  });

  it('refuses data nested far deeper than the stack reaches', () => {
    const why = 'it is nested deeper than 100 levels';
    expect(errorOf(() => JSON_FORMAT.write(nested(200_000)))).toStrictEqual(refusal(`a${'.a'.repeat(99)}`, why));
  });
});

describe('JSON_FORMAT.write, given a value that JSON cannot carry', () => {
  const circle: Record<string, unknown> = { name: 'VALUE' };
  circle['self'] = circle;
  const ring: unknown[] = ['VALUE'];
  ring.push([ring]);
  const withGetter = () => Object.defineProperty({}, 'it', { enumerable: true, get: throws });

  it.each<[string, unknown, string, string]>([
    ['a BigInt', 918_273_645n, '', 'it is a BigInt'],
    ['a function', () => 'VALUE', '', 'it is a function'],
    ['a class', class VALUE extends Map {}, '', 'it is a function'],
    ['a symbol', Symbol('VALUE'), '', 'it is a symbol'],
    ['an object inside itself', circle, '.self', 'it contains itself'],
    ['an array inside itself', ring, '[1][0]', 'it contains itself'],
    ['a getter that throws', withGetter(), '.it', 'its getter throws'],
    ['an own __proto__ key', JSON.parse('{"__proto__":"VALUE"}'), '.__proto__', 'that key would replace the prototype'],
    [
      'a toJSON that is a getter and throws',
      Object.defineProperty({}, 'toJSON', { get: throws }),
      '',
      'its getter throws',
    ],
  ])('refuses %s, naming where it stands', (_, value, below, why) => {
    const places: [Record<string, unknown>, string][] = [
      [{ ok: 1, key: value }, 'key'],
      [{ ok: 1, user: { 'e-mail': value } }, 'user.e-mail'],
      [{ ok: 1, list: [0, { deep: [value] }] }, 'list[1].deep[0]'],
    ];
    for (const [data, path] of places) {
      const complaint = errorOf(() => JSON_FORMAT.write(data));
      expect(complaint).toStrictEqual(refusal(`${path}${below}`, why));
      expect(complaint.message).not.toMatch(/VALUE|918/);
    }
  });

  it.each<[string, () => unknown, string, string]>([
    ['throws', throws, '', 'its toJSON() fails'],
    ['returns a BigInt', () => 918_273_645n, '', 'it is a BigInt'],
    ['returns a function', () => throws, '', 'it is a function'],
    ['returns a symbol in a list', () => [1, Symbol('VALUE')], '[1]', 'it is a symbol'],
    ['returns a cycle', () => circle, '.self', 'it contains itself'],
    ['returns what has a toJSON() that throws', () => ({ deep: { toJSON: throws } }), '.deep', 'its toJSON() fails'],
    ['returns what has a toJSON() that is not called again', () => ({ toJSON: throws }), '.toJSON', 'it is a function'],
  ])('refuses a toJSON() that %s, naming where it stands', (_, toJSON, below, why) => {
    expect(errorOf(() => JSON_FORMAT.write({ ok: 1, key: { toJSON } }))).toStrictEqual(refusal(`key${below}`, why));
    expect(errorOf(() => JSON_FORMAT.write({ key: { user: [0, { toJSON }] } }))).toStrictEqual(
      refusal(`key.user[1]${below}`, why),
    );
  });

  it('refuses a toJSON() that returns itself in something new, without end', () => {
    const value = { toJSON: (): object => ({ again: value }) };
    const complaint = errorOf(() => JSON_FORMAT.write({ value }));
    expect(complaint).toStrictEqual(refusal(`value${'.again'.repeat(99)}`, 'it is nested deeper than 100 levels'));
  });

  it('calls toJSON() as JSON.stringify does: as a method, with the key', () => {
    const keys: unknown[] = [];
    class Value {
      name = 'ada';
      toJSON(key: string): unknown {
        keys.push([key, this.name]);
        return null;
      }
    }
    const data = { a: new Value(), list: [new Value()], 'b.c': { d: new Value() } };
    find(data);
    const seen = keys.splice(0);
    JSON.stringify(data);
    expect(seen).toStrictEqual(keys);
    expect(seen).toStrictEqual([
      ['a', 'ada'],
      ['0', 'ada'],
      ['d', 'ada'],
    ]);
  });

  it('refuses the data itself inside itself', () => {
    const data: Record<string, unknown> = { a: {} };
    data['a'] = { back: data };
    expect(errorOf(() => JSON_FORMAT.write(data)).message).toContain(
      '"a.back" cannot be written as JSON, it contains itself',
    );
  });

  it('refuses a getter of the data itself that throws', () => {
    const complaint = errorOf(() => JSON_FORMAT.write(withGetter()));
    expect(complaint.message).toContain('"it" cannot be written as JSON, its getter throws');
  });

  // A token whose data has such a key is malformed when it comes back.
  it('refuses a __proto__ key of the data itself', () => {
    const data = JSON.parse('{"a":1,"__proto__":{"b":1}}') as Record<string, unknown>;
    expect(errorOf(() => JSON_FORMAT.write(data))).toStrictEqual(
      refusal('__proto__', 'that key would replace the prototype'),
    );
  });

  it('refuses a toJSON() of the data itself, which would write something else', () => {
    expect(errorOf(() => JSON_FORMAT.write({ a: 1, toJSON: () => ({}) }))).toStrictEqual(
      refusal('toJSON', 'it is a function'),
    );
  });

  // JSON.stringify looks at toJSON only if it is a function, and drops functions without a word.
  it('looks into an object whose toJSON is no function', () => {
    const data = { user: { toJSON: 'a field of that name', greet: () => 'hello' } };
    expect(errorOf(() => JSON_FORMAT.write(data)).message).toContain('"user.greet" cannot be written as JSON');
  });
});

describe('notSerializable', () => {
  it('names the value that cannot be written, where it is known', () => {
    const end = 'Store plain data: strings, finite numbers, booleans, null, arrays and objects of these.';
    expect(errorOf(() => raise(notSerializable(['a', 'b'], 'is odd')))).toStrictEqual({
      code: 'ERR_SESSION_NOT_SERIALIZABLE',
      message: `Cannot save the session: "a.b" is odd. ${end}`,
    });
    expect(errorOf(() => raise(notSerializable([], 'is odd'))).message).toBe(
      `Cannot save the session: it is odd. ${end}`,
    );
  });
});

function doubled(levels: number) {
  let value: unknown = { text: 'x' };
  for (let level = 0; level < levels; level++) value = { left: value, right: value };
  return { doubled: value, small: 1 };
}

describe('Data that is far too large', () => {
  it('is refused before it is encoded, and each of its objects is visited once', () => {
    expect(errorOf(() => JSON_FORMAT.write(doubled(60)))).toStrictEqual({
      code: 'ERR_SESSION_TOO_LARGE',
      message: expect.stringMatching(
        /^Cannot save the session: its data has more than 1048576 characters as JSON\. Store less, or only ids; the longest keys are "doubled" \(more than 1048576\), "small" \(about \d+\)\.$/,
      ),
    });
  });

  it('is known by its length in characters', () => {
    expect(findObstacle({ a: 'x'.repeat(100) }, 1000)).toBeUndefined();
    expect(findObstacle({ a: 'x'.repeat(1000) }, 1000)).toStrictEqual({ kind: 'too-long' });
    expect(findObstacle(doubled(20), 100_000)).toStrictEqual({ kind: 'too-long' });
    expect(findObstacle(doubled(9), 100_000)).toBeUndefined();
  });

  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  it.each<[string, unknown]>([
    ['a cycle', circle],
    ['a BigInt', 10n],
    ['far too many levels', nested(20_000)],
    ['a toJSON() that fails', { toJSON: throws }],
    ['an endless list', Object.assign([], { length: 4_000_000_000 })],
    ['a doubling object with a toJSON field', doubled(40).doubled],
  ])('is an error of this package beside %s', (_, value) => {
    const { code, message } = errorOf(() => JSON_FORMAT.write({ big: 'x'.repeat(2_000_000), value }));
    expect([code, message.includes('"big" (more than 1048576)')]).toEqual(['ERR_SESSION_TOO_LARGE', true]);
  });

  it('names a getter that fails without its words', () => {
    const data = {
      big: 'x'.repeat(2_000_000),
      get bad(): never {
        return throws();
      },
    };
    expect(errorOf(() => JSON_FORMAT.write(data)).message).not.toContain('VALUE');
  });

  it('is measured no further than a few times what is possible', () => {
    const keys = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`key${at}`, 'x'.repeat(1_100_000)]));
    let isLooked = false;
    const data = Object.defineProperty(keys, 'last', { enumerable: true, get: () => (isLooked = true) });
    const { message } = errorOf(() => JSON_FORMAT.write(data));
    expect(message).toMatch(/the longest keys are "key0" \(more than 1048576\), "key1" .*, "key2" /);
    expect(isLooked).toBe(false);
  });
});
