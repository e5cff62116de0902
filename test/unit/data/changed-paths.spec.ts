import { describe, expect, it } from '@jest/globals';
import { changedPaths } from '../../../lib/data/changed-paths.js';
import { JSON_FORMAT } from '../../../lib/data/data-format.js';
import type { SessionRecord } from '../../../lib/data/session-data.js';

const paths = (before: SessionRecord, after: SessionRecord, limit = 9) =>
  changedPaths(JSON_FORMAT, before, after, limit);

describe('changedPaths', () => {
  it.each<[string, SessionRecord, SessionRecord, string[]]>([
    ['nothing', { a: [{ b: 1 }] }, { a: [{ b: 1 }] }, []],
    ['a new key', {}, { a: 1 }, ['a']],
    ['a removed key', { a: 1 }, {}, ['a']],
    ['a key in an object in a list', { a: [{ b: 1, c: 2 }] }, { a: [{ b: 2, c: 2 }] }, ['a[0].b']],
    ['an element more', { a: [1] }, { a: [1, 2] }, ['a[1]']],
    ['a list that became an object', { a: [1] }, { a: { 0: 2 } }, ['a']],
    ['an object that became a value', { a: { b: 1 } }, { a: 1 }, ['a']],
    ['an object that became another kind', { a: { b: 1 } }, { a: new Date(0) }, ['a']],
    ['several', { a: 1, b: { c: 1 } }, { a: 2, b: { c: 2, d: 1 } }, ['a', 'b.c', 'b.d']],
    ['an own key that others inherit', {}, { toString: 1 }, ['toString']],
  ])('names %s', (_, before, after, expected) => {
    expect(paths(before, after)).toStrictEqual(expected);
  });

  it('names a getter that throws', () => {
    const after = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(paths({ a: 1 }, after)).toStrictEqual(['a']);
  });

  it('names so many and no more', () => {
    expect(paths({}, { a: 1, b: 1, c: 1 }, 2)).toStrictEqual(['a', 'b']);
  });
});
