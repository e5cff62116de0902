import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { JSON_FORMAT } from '../../../lib/data/data-format.js';
import { mergeData } from '../../../lib/data/merge-data.js';

type Data = Record<string, unknown>;
const merge = (base: Data, own: Data, other: Data): unknown => {
  const [a, b, c] = [base, own, other].map((data) => JSON.stringify(data)) as [string, string, string];
  return JSON.parse(mergeData(JSON_FORMAT, a, b, c));
};

const part = (prefix: string) =>
  fc.dictionary(fc.constantFrom(`${prefix}1`, `${prefix}2`), fc.option(fc.integer(), { nil: undefined }));

describe('mergeData', () => {
  it.each<[string, Data, Data, Data, Data]>([
    ['keeps what neither has changed', { a: 1 }, { a: 1 }, { a: 1 }, { a: 1 }],
    ['takes what one has set', { a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }],
    ['keeps what the other has set', { a: 1 }, { a: 1 }, { a: 3 }, { a: 3 }],
    ['takes the own value where both have set one', { a: 1 }, { a: 2 }, { a: 3 }, { a: 2 }],
    ['keeps new keys of both', {}, { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    ['deletes what one has deleted', { a: 1, b: 1 }, { b: 1 }, { a: 1, b: 2 }, { b: 2 }],
    ['keeps deleted what the other has deleted', { a: 1 }, { a: 1, b: 1 }, {}, { b: 1 }],
    ['sets again what the other has deleted', { a: 1 }, { a: 2 }, {}, { a: 2 }],
    [
      'looks into values, not at the order of their keys',
      { a: { x: 1, y: 2 } },
      { a: { y: 2, x: 1 } },
      { a: 0 },
      { a: 0 },
    ],
    ['replaces a changed value as a whole', { a: { x: 1 } }, { a: { x: 2 } }, { a: { y: 1 } }, { a: { x: 2 } }],
    ['tells null from a missing key', { a: null }, {}, { a: null, b: 1 }, { b: 1 }],
  ])('%s', (_title, base, own, other, merged) => {
    expect(merge(base, own, other)).toEqual(merged);
  });

  it('takes changes of the other in the given keys alone', () => {
    const [base, own, other] = [
      { a: 1, b: 1, c: 1 },
      { b: 1, c: 2, mine: 1 },
      { a: 3, b: 3, c: 3, d: 3, e: 3 },
    ];
    const texts = [base, own, other].map((data) => JSON.stringify(data)) as [string, string, string];
    const merged = mergeData(JSON_FORMAT, ...texts, (key) => 'bcd'.includes(key));
    expect(JSON.parse(merged)).toEqual({ b: 3, c: 2, d: 3, mine: 1 });
  });

  it('is the same in whatever order, for different keys', () => {
    const seed = Date.now() % 2 ** 31;
    process.stdout.write(`merge: fast-check seed ${seed}\n`);
    const base = { a1: 0, b1: 0, c1: 0 };
    const changed = (change: Data): Data => {
      const data: Data = { ...base, ...change };
      for (const [key, value] of Object.entries(change)) if (value === undefined) delete data[key];
      return data;
    };
    fc.assert(
      fc.property(part('a'), part('b'), part('c'), (a, b, c) => {
        const [first, second, third] = [a, b, c].map(changed) as [Data, Data, Data];
        const oneWay = merge(base, third, merge(base, second, first) as Data);
        expect(merge(base, first, merge(base, third, second) as Data)).toEqual(oneWay);
      }),
      { seed },
    );
  });
});
