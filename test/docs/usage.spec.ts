import { describe, expect, it } from '@jest/globals';
import { runInThisContext } from 'node:vm';
import { readPage } from '../support/documents.js';

describe('the table of what JSON changes in docs/usage.md', () => {
  const table = /^## What JSON changes$([^]*?)^## /m.exec(readPage('docs/usage.md'))?.[1] ?? '';
  const rows = [...table.matchAll(/^\| (`.*?) *\| (.*?) *\|$/gm)];

  it('has a row for each trap', () => {
    expect(rows.length).toBeGreaterThan(10);
  });

  it.each(rows.map(([, stored = '', back = '']) => [stored, back]))('says that %s comes back as %s', (stored, back) => {
    for (const code of inline(stored)) {
      const given = evaluate(code);
      const parsed: unknown = JSON.parse(JSON.stringify({ value: given, list: [given] }));
      const [whole = '', inList = whole] = inline(back);
      if (back.startsWith('no key')) expect(parsed).toEqual({ list: [evaluate(whole)] });
      else expect(parsed).toEqual({ value: evaluate(whole), list: [evaluate(inList)] });
    }
  });
});

/** The code in a cell: one value, or several. */
function inline(cell: string): string[] {
  return [...cell.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code);
}

function evaluate(code: string): unknown {
  return runInThisContext(`(${code})`);
}
