import { describe, expect, it } from '@jest/globals';
import { JSON_FORMAT } from '../../../lib/data/data-format.js';
import { foreignType } from '../../../lib/data/foreign-type.js';
import { errorOf } from '../../support/errors.js';

const tagged = (tag: string, fields: object = {}) =>
  Object.assign(Object.create({ [Symbol.toStringTag]: tag }), fields);

function throwing(): never {
  throw new Error('VALUE');
}

describe('foreignType', () => {
  it.each<[string, object, string | undefined]>([
    ['an object without a prototype', Object.create(null), undefined],
    ['an array', [], undefined],
    ['boxed values', [Object(1), Object(''), Object(true)], undefined],
    ['a class without fields', new (class Empty {})(), undefined],
    ['a tag beside fields', tagged('ItemArray', { n: 1 }), undefined],
    ['a tag that reads like the end of another', tagged('MyRegExp', { n: 1 }), undefined],
    ['a tag without fields', tagged('Money'), 'Money'],
    ['a tag of the language beside fields', tagged('Map', { n: 1 }), 'Map'],
    ['an Int8Array', new Int8Array(1), 'Int8Array'],
    ['a BigUint64Array', new BigUint64Array(1), 'BigUint64Array'],
  ])('of %s', (_, value, type) => {
    expect(foreignType(value)).toBe(type);
  });

  it('is unknown where the tag is a getter that throws', () => {
    const value = Object.create(Object.defineProperty({}, Symbol.toStringTag, { get: throwing }));
    expect(foreignType(value as object)).toBeUndefined();
  });

  it('is quoted and cut in the error: a class may name itself as it likes', () => {
    const value = tagged(`x\n[Nest] ${'y'.repeat(100)}`);
    expect(errorOf(() => JSON_FORMAT.write({ value })).message).toContain(
      `it is of type "x\\n[Nest] ${'y'.repeat(71)}…", which JSON`,
    );
  });
});
