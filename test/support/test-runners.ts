import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../', import.meta.url);
const LOADER = fileURLToPath(new URL('test/support/ts-loader.mjs', ROOT));
const VITEST = fileURLToPath(new URL('node_modules/vitest/vitest.mjs', ROOT));

/** How many tests have passed and failed. */
export interface Counts {
  readonly pass: number;
  readonly fail: number;
}

/** What `node:test` counts in a program. @throws Error with the whole output where it counts nothing */
export function nodeTest(program: URL, node: string = process.execPath): Counts {
  const output = run(node, ['--import', LOADER, '--test-reporter', 'tap', fileURLToPath(program)]);
  return { pass: countIn(output, /^# pass (\d+)$/m), fail: countIn(output, /^# fail (\d+)$/m) };
}

/** What Vitest counts in a program. @throws Error with the whole output where it counts nothing */
export function vitest(program: URL): Counts {
  const config = new URL(`${program.href}.config.mjs`);
  // The first that fits counts: sub-paths before the package itself.
  const alias = Object.fromEntries(
    ['/interop', '/store', '/testing', ''].map((path) => [
      `nestjs-sessions${path}`,
      fileURLToPath(new URL(`lib${path}/index.ts`, ROOT)),
    ]),
  );
  const test = { include: [fileURLToPath(program)], reporters: ['json'] };
  writeFileSync(config, `export default ${JSON.stringify({ test, resolve: { alias } })};\n`);
  const args = [VITEST, 'run', '--root', fileURLToPath(new URL('.', program)), '--config', fileURLToPath(config)];
  const output = run(process.execPath, args);
  return { pass: countIn(output, /"numPassedTests":(\d+)/), fail: countIn(output, /"numFailedTests":(\d+)/) };
}

/** Writes a program, in a folder of its own inside the repository, so that it finds its packages; git ignores the folder. */
export function programOf(name: string, text: string): URL {
  const file = new URL(`build/runners/${name}/program.ts`, ROOT);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
  // Vitest compiles decorators as the configuration says that the program belongs to.
  writeFileSync(new URL('tsconfig.json', file), '{ "extends": "../../../tsconfig.json", "include": ["."] }\n');
  return file;
}

function run(node: string, args: readonly string[]): string {
  // Neither what Jest was started with, nor what would make a test of node:test part of another one.
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const { stdout, stderr } = spawnSync(node, args, { encoding: 'utf8', env });
  return stdout + stderr;
}

function countIn(output: string, pattern: RegExp): number {
  const count = pattern.exec(output)?.[1];
  if (count === undefined) throw new Error(`Cannot count the tests: the runner has printed\n${output}`);
  return Number(count);
}
