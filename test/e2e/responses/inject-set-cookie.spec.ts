import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// A process of its own takes its time to start on a busy machine.
jest.setTimeout(30_000);

const program = fileURLToPath(new URL('../../support/inject-set-cookie-app.ts', import.meta.url));
const loader = new URL('../../support/ts-loader.mjs', import.meta.url).href;

/** Path, and Set-Cookie as it comes back: a string where there is one cookie, a list where there are several. */
const EXPECTED = [
  ['/read', null],
  ['/write', 'session'],
  ['/destroy', 'session'],
  ['/two', ['session', 'other']],
  ['/theirs', ['theirs', 'session']],
  ['/only-theirs', 'theirs'],
  ['/end', 'session'],
  ['/write-head', 'session'],
] as const;

// In Jest on Node 20 light-my-request cannot load: one of its dependencies is an ES module that it requires.
describe('Set-Cookie by light-my-request', () => {
  let lines: unknown[][];

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', loader, program]);
    lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown[]);
  });

  const of = (title: string) => lines.filter(([name]) => name === title).map(([, path, shape]) => [path, shape]);

  it('is a string where there is one cookie, by app.inject() of Fastify', () => {
    expect(of('fastify')).toEqual(EXPECTED);
  });

  it('is a string where there is one cookie, from an Express application', () => {
    expect(of('express')).toEqual(EXPECTED);
  });

  it('is a string where there is one cookie, from a function', () => {
    expect(of('plain')).toEqual(EXPECTED.slice(0, 3));
  });

  it('comes with Vary: Cookie once', () => {
    expect(new Set(lines.map(([, , , vary]) => vary))).toEqual(new Set(['Cookie']));
  });
});
