import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { byHandOf, type Goal } from './goals.js';
import type { Verdict } from './judgement.js';

const judged = (verdict: Verdict) => ({ ratio: 1, margin: 0, verdict });
const goal = (verdict: Verdict, floor?: Verdict): Goal => {
  const byHand = floor === undefined ? undefined : judged(floor);
  return { ...judged(verdict), text: '', limit: 1, isNoise: false, floor: byHand };
};

test('what is missed by hand is so by more than its margin', () => {
  const goals = [
    goal('reached', 'not reached'),
    goal('undecided', 'not reached'),
    goal('not reached', 'not reached'),
    goal('not reached', 'not reached'),
    goal('not reached', 'undecided'),
    goal('not reached', 'reached'),
    goal('not reached'),
  ];
  deepStrictEqual(byHandOf(goals), { missed: 5, missedByHand: 2, undecidedByHand: 1 });
});
