import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { markOf } from './goal-text.js';

test('every goal is marked as reached or not, also where that is undecided', () => {
  strictEqual(markOf('reached', true), 'reached');
  strictEqual(markOf('not reached', false), 'not reached');
  strictEqual(markOf('undecided', true), 'reached, undecided');
  strictEqual(markOf('undecided', false), 'not reached, undecided');
});
