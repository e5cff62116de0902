import { expect, it } from '@jest/globals';
import { postgresSchema } from '../../lib/store/index.js';
import { blocksOf, readPage } from '../support/documents.js';

it('docs/store.md shows the SQL that postgresSchema() gives', () => {
  expect(blocksOf(readPage('docs/store.md'), 'sql').map((block) => `${block}\n`)).toEqual([postgresSchema()]);
});
