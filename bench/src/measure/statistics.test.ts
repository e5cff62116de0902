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

test('the error shrinks with the root of the number of values, and few of them tell less than their deviation says', () => {
  const values = [1, 2, 3, 4];
  const four = [values, values, values, values].flat();
  // The factors of Croux and Rousseeuw for 4 and for 16 values.
  const corrections = 1.363 / (16 / 15.2);
  ok(Math.abs(errorOfMedian(values) / errorOfMedian(four) - 2 * corrections) < 1e-9);
});

test('the error of five values', () => {
  const expected = (Math.sqrt(Math.PI / 2) * 1.4826 * 1.206) / Math.sqrt(5);
  ok(Math.abs(errorOfMedian([1, 2, 3, 4, 5]) - expected) < 1e-9);
});
