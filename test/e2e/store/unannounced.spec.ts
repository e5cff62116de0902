import { describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// A process of its own takes its time to start on a busy machine.
jest.setTimeout(60_000);

describe('Requests that no server announces', () => {
  // In Jest on Node 20 light-my-request cannot load: one of its dependencies is an ES module that it requires.
  it('have stored sessions as others have: inject() and Express as a function', async () => {
    const [loader, program] = ['../../support/ts-loader.mjs', './support/unannounced-app.ts'].map(
      (path) => new URL(path, import.meta.url),
    );
    const args = ['--import', String(loader), fileURLToPath(String(program))];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    // Platform, URL, status, text, what the store had when the answer was there
    expect(rows).toEqual(
      ['fastify', 'express'].flatMap((platform) => [
        [platform, '/text', 200, 'n=1', { n: 1 }],
        [platform, '/res-send', 200, 'n=2', { n: 2 }],
        [platform, '/raw-end', 200, 'n=3', { n: 3 }],
        [platform, '/raw-write-head', 203, 'n=4', { n: 4 }],
        [platform, '/raw-flush', 200, 'n=5', { n: 5 }],
        [platform, '/throws', 403, '', { n: 6 }],
        [platform, '/nowhere', platform === 'fastify' ? 500 : 404, '', { n: platform === 'fastify' ? 6 : 7 }],
        [platform, '/destroy', 200, 'gone', null],
      ]),
    );
  });
});
