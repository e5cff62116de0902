import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { verdictOf } from './goals.js';

test('a goal is reached or not by more than its margin, else undecided', () => {
  strictEqual(verdictOf(1, 1.02, 0.02), 'reached');
  strictEqual(verdictOf(1.01, 1.02, 0.02), 'undecided');
  strictEqual(verdictOf(1.03, 1.02, 0.02), 'undecided');
  strictEqual(verdictOf(1.05, 1.02, 0.02), 'not reached');
});
