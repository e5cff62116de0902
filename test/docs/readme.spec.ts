import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readPage } from '../support/documents.js';
import { SECRET } from '../support/secrets.js';

const ROOT = new URL('../../', import.meta.url);
/** An application of its own, so that the files of the README run as they stand; git ignores it. */
const HOME = new URL('build/readme/', ROOT);
const README = readPage('README.md');

/** What the starter of Nest brings, as far as the README names it. `.ci/starters/run` takes the real ones. */
const STARTER = {
  'src/app.service.ts': 'export class AppService {}',
  'src/app.controller.ts': "import { Controller } from '@nestjs/common';\n@Controller() export class AppController {}",
};

describe('The application of README.md', () => {
  beforeAll(() => {
    rmSync(HOME, { recursive: true, force: true });
    for (const [path, text] of Object.entries(STARTER)) write(path, text);
    cpSync(new URL('.ci/starters/files/app/src/main-fastify.ts', ROOT), new URL('src/main-fastify.ts', HOME));
    const script = fileURLToPath(new URL('.ci/starters/readme.mjs', ROOT));
    execFileSync(process.execPath, [script, fileURLToPath(new URL('README.md', ROOT)), fileURLToPath(HOME)]);
    compile();
  }, 120_000);

  it.each(['main', 'main-fastify'])('counts visits, guards, greets once, remembers and logs out: %s', async (main) => {
    const driver = fileURLToPath(new URL('.ci/starters/log-in.mjs', ROOT));
    const program = fileURLToPath(new URL(`out/build/readme/src/${main}.js`, HOME));
    const env = { ...process.env, SESSION_SECRET: SECRET };
    const { stdout } = await promisify(execFile)(process.execPath, [driver, program], { env });
    expect(stdout).toContain('visits, guard, flash, remember-me and log-out');
  });
});

describe('README.md', () => {
  it('says how the tests are run', () => {
    expect(README).toContain('The tests are run by `npm cit`');
  });
});

/** Checks and compiles the application, and lib/ beside it as the package that it imports. */
function compile(): void {
  write('package.json', JSON.stringify({ name: 'readme', private: true, type: 'module' }));
  write('node_modules/nestjs-sessions/package.json', JSON.stringify({ type: 'module', exports: './index.js' }));
  write('node_modules/nestjs-sessions/index.js', "export * from '../../out/lib/index.js';\n");
  const compilerOptions = {
    noEmit: false,
    rootDir: '../..',
    outDir: 'out',
    paths: { 'nestjs-sessions': ['../../lib/index.ts'] },
  };
  write('tsconfig.json', JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, include: ['src'] }));
  const tsc = fileURLToPath(new URL('node_modules/typescript/bin/tsc', ROOT));
  try {
    execFileSync(process.execPath, [tsc, '-p', fileURLToPath(HOME)], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    throw new Error(`The README does not compile:\n${(error as { stdout?: string }).stdout}`, { cause: error });
  }
}

function write(path: string, text: string): void {
  const file = new URL(path, HOME);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
}
