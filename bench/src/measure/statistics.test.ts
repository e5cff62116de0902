import { ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { errorOfMedian, median, minimum } from './statistics.js';

test('minimum and median', () => {
  strictEqual(minimum([3, 1, 2]), 1);
  strictEqual(median([30, 4, 100]), 30);
  strictEqual(median([4, 1, 2, 100]), 3);
});

test('the error of a median is that of a normal distribution, whatever lies far out', () => {
  // The quantiles of a normal distribution, whose standard deviation is 1.
  const quantiles = [-1.645, -1.036, -0.674, -0.385, -0.126, 0.126, 0.385, 0.674, 1.036, 1.645];
  const expected = Math.sqrt(Math.PI / 2 / quantiles.length);
  ok(Math.abs(errorOfMedian(quantiles) / expected - 1) < 0.25);
  strictEqual(errorOfMedian([...quantiles.slice(0, -1), 1000]), errorOfMedian(quantiles));
});

test('the error shrinks with the root of the number of values', () => {
  const values = [1, 2, 3, 4];
  const four = [values, values, values, values].flat();
  ok(Math.abs(errorOfMedian(values) / errorOfMedian(four) - 2) < 1e-9);
});
