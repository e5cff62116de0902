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
  ['/destroy', 200, 'gone', null],
];

/** Middleware of Fastify runs before any hook of ours under `inject()`, and the session is not loaded. */
const ON_FASTIFY: readonly Visit[] = VISITS.map((row) => (row[0] === '/nowhere' ? [row[0], 500, '', { n: 6 }] : row));

// In Jest on Node 20 light-my-request cannot load: one of its dependencies is an ES module that it requires.
describe.each([
  ['fastify', 'inject()', ON_FASTIFY],
  ['express', 'the application called as a function', VISITS],
] as const)('A request that no server announces has a stored session (%s: %s)', (platform, _, visits) => {
  let found: readonly unknown[];

  // A process of its own takes its time to start on a busy machine.
  beforeAll(async () => {
    const [loader, program] = ['../../support/ts-loader.mjs', './support/unannounced-app.ts'].map(
      (path) => new URL(path, import.meta.url),
    );
    const args = ['--import', String(loader), fileURLToPath(String(program)), platform];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    found = stdout.split('\n', visits.length).map((line): unknown => JSON.parse(line));
  }, 60_000);

  it.each(visits)('%s', (...visit) => {
    expect(found).toContainEqual(visit);
  });
});
