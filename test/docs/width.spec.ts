import { describe, expect, it } from '@jest/globals';
import { allPages, readPage, withoutBlocks } from '../support/documents.js';

/** What fits a phone, turned. */
const WIDTH = 80;
/** Pages for readers in a hurry: they are read on phones too. The others have tables that need the width. */
const PAGES = ['README', 'options', 'recipes', 'troubleshooting'].map((name) => `docs/${name}.md`);

const blocksIn = (page: string) => [...page.matchAll(/^```.*\n([^]*?)\n```$/gm)].map(([, block = '']) => block);
const MIGRATIONS = allPages().filter((page) => page.startsWith('docs/migration/'));

it.each(['README.md', ...PAGES, ...MIGRATIONS])('%s has no line of code that a phone cuts off', (page) => {
  const lines = blocksIn(readPage(page)).flatMap((block) => block.split('\n'));
  expect(lines.filter((line) => line.length > WIDTH)).toEqual([]);
});

it.each([...PAGES, 'docs/migration/README.md'])('%s has lists in place of tables, which a phone cuts off', (page) => {
  expect(withoutBlocks(readPage(page))).not.toMatch(/^\|/m);
});

describe('The tables of README.md', () => {
  const rows = [...withoutBlocks(readPage('README.md')).matchAll(/^\|(.*)\|$/gm)].map(([, row = '']) => row.split('|'));

  it('have three columns at most', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter((cells) => cells.length > 3)).toEqual([]);
  });

  // A cell breaks at spaces, slashes and hyphens: a longer word would widen its column, and three of them the table.
  it('have no word that is wider than a third of a phone', () => {
    const words = rows.flat().flatMap((cell) => cell.replaceAll(/\]\(.*?\)/g, '').split(/[\s/-]+/));
    expect(words.filter((word) => word.length > 15)).toEqual([]);
  });
});
