import { expect, it } from '@jest/globals';
import { allPages, readPage, withoutBlocks } from '../support/documents.js';

/** What fits a phone, turned. */
const WIDTH = 80;
/** Pages for readers in a hurry: they are read on phones too. The others have tables that need the width. */
const PAGES = ['README', 'options', 'recipes', 'troubleshooting'].map((name) => `docs/${name}.md`);

const blocksIn = (page: string) => [...page.matchAll(/^```.*\n([^]*?)\n```$/gm)].map(([, block = '']) => block);
const MIGRATIONS = allPages().filter((page) => page.startsWith('docs/migration/'));

it.each([...PAGES, ...MIGRATIONS])('%s has no line of code that a phone cuts off', (page) => {
  const lines = blocksIn(readPage(page)).flatMap((block) => block.split('\n'));
  expect(lines.filter((line) => line.length > WIDTH)).toEqual([]);
});

it.each([...PAGES, 'docs/migration/README.md'])('%s has lists in place of tables, which a phone cuts off', (page) => {
  expect(withoutBlocks(readPage(page))).not.toMatch(/^\|/m);
});
