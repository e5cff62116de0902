import { describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// A process of its own takes its time to start on a busy machine.
jest.setTimeout(30_000);

const support = (name: string) => fileURLToPath(new URL(`../../support/${name}`, import.meta.url));

describe('Requests by app.inject() of Fastify', () => {
  // In Jest on Node 20 light-my-request cannot load: one of its dependencies is an ES module that it requires.
  it('have sessions as others have', async () => {
    const loader = new URL('../../support/ts-loader.mjs', import.meta.url).href;
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', loader, support('inject-app.ts')]);
    const lines = stdout.trimEnd().split('\n');
    // URL, status, text, number of cookies, Vary, n in the cookie of the client
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      ['/read', 200, 'undefined true', 0, 'Cookie', null],
      ['/write', 200, '', 1, 'Cookie', 1],
      ['/write', 200, '', 1, 'Cookie', 2],
      ['/read', 200, '2 true', 0, 'Cookie', 2],
      ['/by-hand', 200, 'sent', 1, 'Cookie', 10],
      ['/throws', 403, '', 1, 'Cookie', 20],
      ['/nowhere', 404, '', 1, 'Cookie', 30],
      ['/read', 200, '30 true', 0, 'Cookie', 30],
      'body true',
    ]);
  });
});
