import { describe, expect, it } from '@jest/globals';
import { describeOnEachPlatform } from '../../support/app.js';
import { slowStore } from '../../support/stores.js';
import { PATHS } from './support/paths.js';
import { visit } from './support/visit.js';

describeOnEachPlatform('A session is saved before the client sees the first byte', (platform) => {
  it.each(PATHS)('$path', async (row) => {
    const store = slowStore();
    const { status, text, data } = await visit(platform, row, store);
    expect(status).toBe(row.status);
    if (row.text !== undefined) expect(text).toEqual(expect.stringMatching(row.text));
    expect(data).toEqual(row.isEnd === true ? undefined : expect.objectContaining({ n: 2 }));
  });

  it('and the length of an answer by hand stays', async () => {
    const { length } = await visit(platform, { path: '/raw-end', status: 200 }, slowStore());
    expect(length).toBe('3');
  });
});

describe('The table of paths', () => {
  it('has all 22', () => {
    expect(new Set(PATHS.map(({ path }) => path)).size).toBe(22);
  });
});
