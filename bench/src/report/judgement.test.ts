import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { judge, judgeNoise, verdictOf } from './judgement.js';

test('a goal is reached or not by more than its margin, else undecided', () => {
  strictEqual(verdictOf(1, 1.02, 0.02), 'reached');
  strictEqual(verdictOf(1.01, 1.02, 0.02), 'undecided');
  strictEqual(verdictOf(1.03, 1.02, 0.02), 'undecided');
  strictEqual(verdictOf(1.05, 1.02, 0.02), 'not reached');
});

test('the margin is that of the ratio or the noise of the table, whichever is more', () => {
  strictEqual(judge({ value: 1, margin: 0.05 }, 1.04, 1).verdict, 'undecided');
  strictEqual(judge({ value: 1, margin: 0.01 }, 1.04, 1.05).verdict, 'undecided');
  strictEqual(judge({ value: 1, margin: 0.01 }, 1.04, 1.02).verdict, 'reached');
});

test('an unknown margin is a tenth of the ratio', () => {
  strictEqual(judge({ value: 0.5, margin: undefined }, 0.56, 1).verdict, 'reached');
  strictEqual(judge({ value: 0.5, margin: undefined }, 0.54, 1).verdict, 'undecided');
  strictEqual(judge({ value: 0.5, margin: undefined }, 0.44, 1).verdict, 'not reached');
});

test('noise is what came out, in either direction', () => {
  strictEqual(judgeNoise({ value: 1.01, margin: 0.3 }, 1.02).verdict, 'reached');
  strictEqual(judgeNoise({ value: 0.9, margin: undefined }, 1.02).verdict, 'not reached');
});
