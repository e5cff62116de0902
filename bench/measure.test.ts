import { deepStrictEqual, ok, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { judgedRows } from './goals.js';
import { byTurns, costOf, median, middle, noiseOf, ratioOf, spread, surchargeRatioOf, verdictOf } from './measure.js';
import { PLATFORMS, rowsOn } from './rows.js';

const near = (actual: number, expected: number, tolerance = 1e-9) => {
  ok(Math.abs(actual - expected) < tolerance, `${actual} is not ${expected}`);
};

/** Rows whose costs vary by 3 % between processes, and by more between starts: always the same ones. */
function noisyCosts(rows: number, starts: number): Record<string, number[]> {
  let seed = 20_261_127;
  const uniform = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const normal = () => Array.from({ length: 12 }, uniform).reduce((sum, each) => sum + each, -6);
  const slowness = Array.from({ length: starts }, () => 1 + uniform());
  const rowOf = (row: number) => slowness.map((slow) => row * slow * Math.exp(0.03 * normal()));
  return Object.fromEntries(Array.from({ length: rows }, (_, row) => [`row ${row + 1}`, rowOf(row + 1)]));
}

test('the spread is the standard deviation of a normal distribution, whatever lies far out', () => {
  const quantiles = [-1.645, -1.036, -0.674, -0.385, -0.126, 0.126, 0.385, 0.674, 1.036, 1.645];
  near(spread(quantiles), 1, 0.2);
  strictEqual(spread([...quantiles.slice(0, -1), 1000]), spread(quantiles));
  strictEqual(median([4, 1, 2, 100]), 3);
});

test('the middle is the mean of two values, and does not follow one that lies far out', () => {
  strictEqual(middle([7]), 7);
  strictEqual(middle([7, 10]), 8.5);
  near(middle([1, 2, 3, 4, 5, 1000]), 3.5, 0.5);
});

test('a ratio is taken within a start: what slows down a whole start does not count', () => {
  const costs = { a: [11, 220, 33], b: [10, 200, 30] };
  near(ratioOf(costs, 'a', 'b').value, 1.1);
  near(ratioOf(costs, 'b', 'a').value, 1 / 1.1);
});

test('a row that sits out a start is compared in the others, and with nothing where there are none', () => {
  const costs = { a: [30, null, 150], b: [10, 20, 50], c: [null, 1, null] };
  near(ratioOf(costs, 'a', 'b').value, 3);
  near(costOf(costs, 'a'), 90);
  throws(() => ratioOf(costs, 'a', 'c'), /Never measured together: a; c/);
  throws(() => ratioOf(costs, 'a', 'd'), /Never measured together: a; d/);
});

test('the noise is how far a row is off in one start, once whole starts are set right', () => {
  near(noiseOf(noisyCosts(20, 8)), 0.03, 0.006);
  // The short run has two starts.
  near(noiseOf(noisyCosts(20, 2)), 0.03, 0.01);
  strictEqual(noiseOf({ a: [1], b: [2] }), Number.POSITIVE_INFINITY);
});

test('the margin holds what a ratio is, but for one in twenty', () => {
  for (const starts of [2, 3, 6]) {
    const costs = noisyCosts(400, starts);
    const missed = Array.from({ length: 200 }, (_, pair) => 2 * pair + 1).filter((row) => {
      const { value, margin } = ratioOf(costs, `row ${row}`, `row ${row + 1}`);
      return Math.abs(value - row / (row + 1)) > margin;
    });
    ok(missed.length <= 10, `${missed.length} of 200, ${starts} starts`);
  }
});

test('a row that is looked at after each start, until it is decided, is decided wrongly once in twenty times', () => {
  const costs = noisyCosts(400, 6);
  const decided = Array.from({ length: 200 }, (_, pair) => 2 * pair + 1).filter((row) =>
    [2, 3, 4, 5, 6].some((starts) => {
      const known = Object.fromEntries(Object.entries(costs).map(([name, all]) => [name, all.slice(0, starts)]));
      return verdictOf(ratioOf(known, `row ${row}`, `row ${row + 1}`), row / (row + 1)) !== 'undecided';
    }),
  );
  ok(decided.length <= 12, `${decided.length} of 200`);
});

test('more starts make a margin smaller', () => {
  const [few, many] = [2, 8].map((starts) => ratioOf(noisyCosts(20, starts), 'row 1', 'row 2').margin);
  ok((many ?? 1) < 0.65 * (few ?? 0), `${many}, ${few}`);
});

test('the spread of a row of its own counts where it is more than that of all rows', () => {
  const steady = [10, 10, 10, 10, 10];
  const costs = { a: [8, 12, 7, 13, 10], b: steady, c: steady, d: steady, e: steady };
  strictEqual(ratioOf(costs, 'c', 'b').margin, 0);
  ok(ratioOf(costs, 'a', 'b').margin > 0.2);
});

test('a surcharge is what a row costs beyond its reference, in the same start', () => {
  const costs = { none: [10, 20], long: [11, 22], a: [12, 24], b: [15, 30] };
  near(surchargeRatioOf(costs, ['a', 'none'], ['b', 'none']).value, 2 / 5);
  near(surchargeRatioOf(costs, ['a', 'long'], ['b', 'none']).value, 1 / 5);
});

test('nothing is a multiple of a surcharge that may be nothing', () => {
  const costs = { none: [10, 10.4, 10.2], a: [12, 12.2, 12.5], b: [10.1, 10.5, 10.1] };
  const figure = surchargeRatioOf(costs, ['a', 'none'], ['b', 'none']);
  strictEqual(verdictOf(figure, 1), 'undecided');
});

test('a goal is decided only where the margin is smaller than the distance to the limit', () => {
  strictEqual(verdictOf({ value: 0.9, margin: 0.09 }, 1), 'reached');
  strictEqual(verdictOf({ value: 1.1, margin: 0.09 }, 1), 'missed');
  strictEqual(verdictOf({ value: 0.9, margin: 0.11 }, 1), 'undecided');
  strictEqual(verdictOf({ value: 0.9, margin: Number.NaN }, 1), 'undecided');
  strictEqual(verdictOf({ value: 1, margin: 0 }, 1), 'reached');
});

test('turns go forwards and then backwards', async () => {
  const order: string[] = [];
  await byTurns(['a', 'b', 'c'], 2, async (each) => void order.push(each));
  strictEqual(order.join(''), 'abccba');
});

test('goals are about rows that there are', () => {
  process.env.REDIS_URL = 'redis://127.0.0.1:1';
  for (const platform of PLATFORMS) {
    const names = new Set(rowsOn(platform).map(({ name }) => name));
    deepStrictEqual(
      [...judgedRows(platform)].filter((name) => !names.has(name)),
      [],
    );
  }
});

test('a row goes on while a goal about it is undecided', () => {
  const names = rowsOn('Fastify').map(({ name }) => name);
  const costs = Object.fromEntries(names.map((name, index) => [name, [10 + index, 10.1 + index]]));
  costs['nestjs-sessions, encrypted, read'] = [1, 1];
  costs['nestjs-sessions, read'] = [10, 10];
  costs['nestjs-sessions, read, junk cookie'] = [10, 10.1];
  const open = judgedRows('Fastify', costs);
  strictEqual(open.has('nestjs-sessions, read, junk cookie'), true);
  strictEqual(open.has('nestjs-sessions, encrypted, read'), false);
});
