import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { takesPart } from './applications.js';

const startsOf = (some: number, starts: number) =>
  Array.from({ length: starts }, (_, start) => start).filter((start) => takesPart(some, start, starts));

test('who takes part in a few starts does so early and late', () => {
  deepStrictEqual(startsOf(3, 10), [0, 4, 7]);
  deepStrictEqual(startsOf(2, 8), [0, 4]);
  deepStrictEqual(startsOf(0, 3), []);
  deepStrictEqual(startsOf(3, 3), [0, 1, 2]);
});
