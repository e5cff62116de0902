import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** URL, status, text, and what the store has when the answer is there. */
type Visit = readonly [url: string, status: number, text: string, data: object | null];

const VISITS: readonly Visit[] = [
  ['/text', 200, 'n=1', { n: 1 }],
  ['/res-send', 200, 'n=2', { n: 2 }],
  ['/raw-end', 200, 'n=3', { n: 3 }],
  ['/raw-write-head', 203, 'n=4', { n: 4 }],
  ['/raw-flush', 200, 'n=5', { n: 5 }],
  ['/throws', 403, '', { n: 6 }],
  ['/nowhere', 404, '', { n: 7 }],
  ['/middleware', 200, 'n=8', { n: 8 }],
  ['/hook', 200, 'n=9', { n: 9 }],
  ['/plugin', 200, 'n=10', { n: 10 }],
  ['/destroy', 200, 'gone', null],
  ['/middleware', 200, 'n=1', { n: 1 }],
  ['/hook', 200, 'n=2', { n: 2 }],
];

// In Jest on Node 20 light-my-request cannot load: one of its dependencies is an ES module that it requires.
describe.each([
  { platform: 'fastify', how: 'inject()' },
  { platform: 'express', how: 'the application called as a function' },
])('A request that no server announces has a stored session ($platform: $how)', ({ platform }) => {
  let found: readonly unknown[];

  // A process of its own takes its time to start on a busy machine.
  beforeAll(async () => {
    const [loader, program] = ['../../support/ts-loader.mjs', './support/unannounced-app.ts'].map(
      (path) => new URL(path, import.meta.url),
    );
    const args = ['--import', String(loader), fileURLToPath(String(program)), platform];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    found = stdout.split('\n', VISITS.length).map((line): unknown => JSON.parse(line));
  }, 60_000);

  it.each(VISITS)('%s', (...visit) => {
    expect(found).toContainEqual(visit);
  });
});
