import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LOADER = fileURLToPath(new URL('../../support/ts-loader.mjs', import.meta.url));

/** What `node:test` counts in a program of this folder, as `{ pass, fail }`; with the whole output where a test fails. */
export function nodeTest(program: string, node: string = process.execPath): { pass: number; fail: number } {
  // Neither what Jest was started with, nor what would make a test of node:test part of another one.
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const path = fileURLToPath(new URL(program, import.meta.url));
  const args = ['--import', LOADER, '--test-reporter', 'tap', path];
  const output = execFileSync(node, args, { encoding: 'utf8', env, stdio: 'pipe' });
  const countOf = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1]);
  return { pass: countOf('pass'), fail: countOf('fail') };
}
