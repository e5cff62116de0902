import { strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { ratioOf } from './ratio.js';
import { samplesOf } from './samples.js';
import { errorOfMedian } from './statistics.js';

const near = (actual: number | undefined, expected: number) => {
  strictEqual(actual?.toFixed(6), expected.toFixed(6));
};

test('what slows down a whole start does not count', () => {
  const samples = samplesOf([
    [
      ['a', [12, 11]],
      ['b', [10, 10.5]],
    ],
    [
      ['a', [220, 230]],
      ['b', [200, 300]],
    ],
  ]);
  near(ratioOf(samples, 'a', 'b').value, 1.1);
});

test('of the rounds of a process the minimum counts, of processes the median', () => {
  const samples = samplesOf([
    [
      ['a', [9, 3]],
      ['b', [2, 7]],
      ['b', [80, 30]],
      ['b', [1, 7]],
    ],
  ]);
  near(ratioOf(samples, 'a', 'b').value, 1.5);
});

test('there is one ratio there and the other way round', () => {
  const samples = samplesOf([
    [
      ['a', [4]],
      ['b', [1]],
    ],
    [
      ['a', [1]],
      ['b', [1]],
    ],
  ]);
  near(ratioOf(samples, 'a', 'b').value, 2);
  near(ratioOf(samples, 'b', 'a').value, 1 / 2);
});

test('the margin is two standard errors of five starts, and unknown of four', () => {
  const ratios = [1, 1.1, 1.2, 1.3, 1.4];
  const starts = ratios.map((ratio) => [['a', [ratio]] as const, ['b', [1]] as const]);
  const { value, margin = 0 } = ratioOf(samplesOf(starts), 'a', 'b');
  near(value, 1.2);
  near(margin / value, 2 * errorOfMedian(ratios.map(Math.log)));
  strictEqual(ratioOf(samplesOf(starts.slice(1)), 'a', 'b').margin, undefined);
});

test('who takes part in few starts is compared in these', () => {
  const samples = samplesOf([
    [
      ['a', [30]],
      ['b', [10]],
    ],
    [['b', [20]]],
    [
      ['a', [150]],
      ['b', [50]],
    ],
  ]);
  near(ratioOf(samples, 'a', 'b').value, 3);
  // As they are kept, too.
  const kept = new Map(JSON.parse(JSON.stringify([...samples])) as [string, number[][][]][]);
  near(ratioOf(kept, 'a', 'b').value, 3);
});

test('nothing is compared with nothing', () => {
  const samples = samplesOf([[['a', [1]]], [['b', [1]]]]);
  throws(() => ratioOf(samples, 'a', 'b'), /"a" and "b" were never measured together/);
  throws(() => ratioOf(samples, 'a', 'c'), /never measured together/);
});
