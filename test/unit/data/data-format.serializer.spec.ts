import { describe, expect, it } from '@jest/globals';
import * as devalue from 'devalue';
import superjson from 'superjson';
import { JSON_FORMAT, serializerFormat, type SessionSerializer } from '../../../lib/data/data-format.js';
import { errorOf } from '../../support/errors.js';

type Data = Record<string, unknown>;

function throws(): never {
  throw new Error('VALUE');
}

const ADVICE = 'Store plain data: strings, finite numbers, booleans, null, arrays and objects of these.';
const SERIALIZERS: [name: string, serializer: SessionSerializer][] = [
  ['devalue', devalue],
  ['superjson', superjson],
];
const VALUES: [title: string, data: Data, other: Data][] = [
  ['a Date', { at: new Date(5) }, { at: new Date(6) }],
  ['a Map', { map: new Map([['a', { b: 1 }]]) }, { map: new Map([['a', { b: 2 }]]) }],
  ['a Set', { set: new Set([1, 'x']) }, { set: new Set([1, 'y']) }],
  ['a BigInt', { big: 2n ** 70n }, { big: 2n ** 70n + 1n }],
  ['undefined', { a: undefined, b: [undefined] }, { b: [undefined] }],
  ['-0', { zero: -0 }, { zero: 0 }],
  ['NaN and the infinities', { all: [NaN, Infinity, -Infinity] }, { all: [NaN, Infinity, Infinity] }],
  ['a RegExp', { pattern: /a+/g }, { pattern: /a+/ }],
  ['a URL', { url: new URL('https://example.org/') }, { url: new URL('https://example.org/x') }],
  ['text beyond ASCII', { 'schlüssel "1"': 'Zoë 🍪 \\ \u2028' }, { 'schlüssel "1"': 'Zoe 🍪 \\ \u2028' }],
  ['nothing', {}, { a: 1 }],
];
const ALL = SERIALIZERS.flatMap(([name, serializer]) =>
  VALUES.map(([title, data, other]) => ({ name, serializer, title, data, other })),
);

const complaint = (subject: string) => ({
  code: 'ERR_SESSION_NOT_SERIALIZABLE',
  message: `Cannot save the session: ${subject} cannot be written, the serializer refuses it. ${ADVICE}`,
});

describe('serializerFormat', () => {
  it.each(ALL)('carries by $name: $title', ({ serializer, data, other }) => {
    const format = serializerFormat(serializer);
    const text = format.write(data);
    expect(text).toBe(JSON.stringify(serializer.stringify(data)));
    expect(format.read(text)).toStrictEqual(data);
    expect(format.accept(JSON.parse(text) as string)).toStrictEqual(data);
    expect(format.isSame(text, format.write({ ...data }))).toBe(true);
    expect(format.isSame(text, format.write(other))).toBe(false);
  });

  it('carries by devalue an object that contains itself, or is there twice', () => {
    const format = serializerFormat(devalue);
    const circle: Data = { name: 'ring' };
    circle['self'] = circle;
    const data = { circle, again: circle };
    const read = format.read(format.write(data)) as typeof data;
    expect(read.circle['self']).toBe(read.circle);
    expect(read.again).toBe(read.circle);
    expect(format.isSame(format.write(data), format.write({ again: circle, circle }))).toBe(true);
    expect(format.isSame(format.write(data), format.write({ again: { ...circle }, circle }))).toBe(false);
  });

  it.each(SERIALIZERS)('compares by content, in any order of keys, by %s', (_, serializer) => {
    const format = serializerFormat(serializer);
    const one = format.write({ at: new Date(5), map: new Map([['a', 1]]), list: [1, 2] });
    const same = format.write({ list: [1, 2], map: new Map([['a', 1]]), at: new Date(5) });
    const other = format.write({ list: [2, 1], map: new Map([['a', 1]]), at: new Date(5) });
    expect(one).not.toBe(same);
    expect(format.isSame(one, same)).toBe(true);
    expect(format.isSame(same, one)).toBe(true);
    expect(format.isSame(one, other)).toBe(false);
  });

  it('counts the order of a Map, which the program may rely on', () => {
    const format = serializerFormat(devalue);
    const text = (...entries: [string, number][]) => format.write({ map: new Map(entries), a: 1 });
    expect(format.isSame(text(['x', 1], ['y', 2]), text(['y', 2], ['x', 1]))).toBe(false);
  });

  // Each level doubles the number of ways to the innermost object.
  it('compares an object that stands in several places in no time', () => {
    const format = serializerFormat(devalue);
    const layered = (value: number) => {
      let data: Data = { value };
      for (let level = 0; level < 21; level++) data = { a: data, b: data };
      return format.write(data);
    };
    const [one, other] = [layered(1), layered(2)];
    const start = process.hrtime.bigint();
    expect(format.isSame(one, other)).toBe(false);
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(1000);
  });

  it('compares texts of different length too', () => {
    const format = serializerFormat({
      stringify: (data) => JSON.stringify(data, undefined, Object.keys(data).indexOf('b')),
      parse: (text) => JSON.parse(text) as unknown,
    });
    const [one, same] = [format.write({ a: 1, b: 2 }), format.write({ b: 2, a: 1 })];
    expect(one).not.toHaveLength(same.length);
    expect(format.isSame(one, same)).toBe(true);
  });

  it('does not compare data whose text is the same', () => {
    const format = serializerFormat({ stringify: () => 'x', parse: throws });
    expect(format.isSame('"x"', '"x"')).toBe(true);
  });

  it.each(SERIALIZERS)('accepts an object from before there was %s as it is', (_, serializer) => {
    const data = { a: [1], b: { json: {} } };
    const accepted = serializerFormat(serializer).accept(data);
    expect(accepted).toStrictEqual(data);
    // A copy: the original may be shared with other requests.
    expect(accepted).not.toBe(data);
  });

  it.each(SERIALIZERS)('accepts no text that %s does not understand', (_, serializer) => {
    const format = serializerFormat(serializer);
    expect(['', 'junk', '{', '[[', 'null'].map((text) => format.accept(text))).toStrictEqual(
      Array.from({ length: 5 }, () => undefined),
    );
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a list', []],
    ['text', '{}'],
    ['a number', 1],
    ['a function', () => ({})],
    ['an object with a __proto__ key', JSON.parse('{"__proto__":{}}')],
  ])('accepts nothing where the serializer returns %s', (_, value) => {
    const format = serializerFormat({ stringify: () => 'x', parse: () => value });
    expect(format.accept('x')).toBeUndefined();
    expect(() => format.read('"x"')).toThrow(new TypeError('The serializer did not return an object.'));
  });

  it('accepts nothing where the serializer throws', () => {
    expect(serializerFormat({ stringify: () => 'x', parse: throws }).accept('x')).toBeUndefined();
  });

  it('gives the serializer the text as it was, and calls it as a method', () => {
    class Shouting implements SessionSerializer {
      readonly texts: string[] = [];
      stringify(data: Data): string {
        return `"${Object.keys(data).join('').toUpperCase()}\\"`;
      }
      parse(text: string): unknown {
        this.texts.push(text);
        return { text };
      }
    }
    const serializer = new Shouting();
    const format = serializerFormat(serializer);
    expect(format.write({ ü: 1, b: 2 })).toBe('"\\"ÜB\\\\\\""');
    expect(format.read(format.write({ a: 1 }))).toStrictEqual({ text: '"A\\"' });
    expect(format.accept('{}')).toStrictEqual({ text: '{}' });
    expect(serializer.texts).toStrictEqual(['"A\\"', '{}']);
  });
});

describe('serializerFormat, given a value that the serializer refuses', () => {
  it('names the key', () => {
    const format = serializerFormat(devalue);
    for (const data of [
      { ok: 1, bad: () => 'VALUE' },
      { bad: { deep: [Symbol('VALUE')] }, ok: new Date(0) },
    ]) {
      expect(errorOf(() => format.write(data))).toStrictEqual(complaint('"bad"'));
    }
  });

  it('names the first of several keys', () => {
    const data = { ok: 1, first: () => 1, second: () => 2 };
    expect(errorOf(() => serializerFormat(devalue).write(data))).toStrictEqual(complaint('"first"'));
  });

  it('names no key where none is to blame alone', () => {
    const stringify = (data: Data) => (Object.keys(data).length === 2 ? throws() : '');
    const format = serializerFormat({ stringify, parse: throws });
    expect(errorOf(() => format.write({ a: 1, b: 2 }))).toStrictEqual(complaint('it'));
    expect(format.write({ a: 1 })).toBe('""');
  });
});

describe('serializerFormat, given a serializer that returns no text', () => {
  // As JSON, the promise of an asynchronous serializer is `{}`: the session would be empty next time, without a word.
  it.each<[string, unknown]>([
    ['a promise', Promise.resolve('text')],
    ['nothing', undefined],
    ['an object', { a: 1 }],
  ])('refuses %s', (_, returned) => {
    const format = serializerFormat({ stringify: () => returned as string, parse: () => ({}) });
    expect(errorOf(() => format.write({ a: 1 })).code).toBe('ERR_SESSION_NOT_SERIALIZABLE');
  });
});

describe('largestKeys, of a serializer', () => {
  it('names sizes as the serializer writes them', () => {
    const data = { big: 1n, at: new Date(0), text: 'x'.repeat(50), n: 1 };
    const format = serializerFormat(devalue);
    expect(format.largestKeys(data)).toBe('"text" (71 bytes), "at" (54 bytes), "big" (34 bytes)');
    expect(Buffer.byteLength(format.write({ at: new Date(0) }))).toBe(54);
    expect(JSON_FORMAT.largestKeys({ at: new Date(0) })).toBe('"at" (33 bytes)');
  });
});
