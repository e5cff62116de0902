import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { AGAIN } from '../measure/again.js';
import { median } from '../measure/statistics.js';
import { settingOf } from '../settings.js';
import { REFERENCE, withReference } from './reference.js';

const setting = settingOf('express');
const others = Array.from({ length: 10 }, (_, index) => ({ name: String(index), variant: REFERENCE, setting }));
const namesWith = (copies: number) => withReference(others, setting, copies).map(({ name }) => name);

test('the others keep their order, and none is lost', () => {
  const names = namesWith(4).filter((name) => !name.startsWith(REFERENCE));
  deepStrictEqual(
    names,
    others.map(({ name }) => name),
  );
});

test('the reference and the same again are as many, and as early', () => {
  for (const copies of [1, 2, 4]) {
    const names = namesWith(copies);
    const placesOf = (wanted: string) => names.flatMap((name, place) => (name === wanted ? [place] : []));
    const [own, again] = [placesOf(REFERENCE), placesOf(REFERENCE + AGAIN)];
    strictEqual(own.length, copies);
    strictEqual(again.length, copies);
    // With an odd number one is earlier: starts begin with another application each time.
    if (copies % 2 === 1) continue;
    ok(Math.abs(median(own) - median(again)) <= 1, names.join());
  }
});
