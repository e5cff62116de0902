import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { mean, median, minimum, standardError } from './statistics.js';

test('minimum, median and mean', () => {
  strictEqual(minimum([3, 1, 2]), 1);
  strictEqual(median([30, 4, 100]), 30);
  strictEqual(median([4, 1, 2, 100]), 3);
  strictEqual(mean([1, 2, 6]), 3);
});

test('the standard error is that of a sample', () => {
  // A variance of (1 + 0 + 1) / (3 - 1), of which a third.
  strictEqual(standardError([1, 2, 3]), Math.sqrt(1 / 3));
});
