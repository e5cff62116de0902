import { expect, it } from '@jest/globals';
import { memoryStore, postgresSchema } from '../../lib/store/index.js';
import { storeContract } from '../../lib/testing/index.js';
import { blocksOf, readPage, sectionsOf } from '../support/documents.js';

it('docs/store.md shows the SQL that postgresSchema() gives', () => {
  expect(blocksOf(readPage('docs/store.md'), 'sql').map((block) => `${block}\n`)).toEqual([postgresSchema()]);
});

it('docs/store.md has the rules whose numbers the checks of storeContract() name, and no other', () => {
  const rules = sectionsOf(readPage('docs/store.md'), 2).get('A store of your own') ?? '';
  const numbers = [...rules.matchAll(/^(\d+)\. /gm)].map(([, number]) => number);
  const names = storeContract(memoryStore(), { unreachable: memoryStore }).map(({ name }) => name);
  const named = names.flatMap((name) => /^(\d+): /.exec(name)?.[1] ?? []);
  expect(numbers.length).toBeGreaterThan(1);
  expect(numbers).toEqual([...new Set(named)].toSorted());
});
