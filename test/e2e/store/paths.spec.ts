import { describe, expect, it } from '@jest/globals';
import { get } from 'node:http';
import { describeOnEachPlatform, type Platform, startApp } from '../../support/app.js';
import { slowStore, type TestStore } from '../../support/stores.js';
import { PATHS, type Path, PathsModule, useCounter } from './support/paths.js';

/** What the client has got, and what the store had when the headers came. */
async function visit(platform: Platform, { path, method = 'GET' }: Path, store: TestStore) {
  const { url, client } = await startApp(platform, {
    session: { store },
    imports: [PathsModule],
    configure: useCounter,
  });
  const visitor = client();
  await visitor.get('/text');
  const cookie = `session=${await visitor.cookie()}`;
  return new Promise<{ status: number | undefined; text: string; data: unknown; length: string | undefined }>(
    (resolve, reject) => {
      get(url + path, { method, headers: { cookie }, agent: false }, (response) => {
        const { data } = store;
        const { statusCode: status, headers } = response;
        response
          .setEncoding('utf8')
          .toArray()
          .then((parts) => resolve({ status, text: parts.join(''), data, length: headers['content-length'] }), reject);
      }).on('error', reject);
    },
  );
}

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
