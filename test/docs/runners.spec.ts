import { expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { blocksOf, readPage } from '../support/documents.js';

// A process of its own takes its time to start on a busy machine.
jest.setTimeout(60_000);

/** What the program uses and does not show. */
const APPLICATION = `
import { Controller, Module, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Session, SessionModule } from 'nestjs-sessions';
import { readSession, sessionCookie } from 'nestjs-sessions/testing';

@Controller()
class VisitController {
  @Post('visit')
  visit(@Session() session: Session<{ visits: number }>): void {
    session.set('visits', (session.get('visits') ?? 0) + 1);
  }
}

@Module({ imports: [SessionModule.forRoot('a secret of thirty-two bytes: ok')], controllers: [VisitController] })
class AppModule {}
`;

/** Inside the repository, so that the program finds its packages; git ignores it. */
const HOME = new URL('../../build/runners/', import.meta.url);
const LOADER = new URL('../support/ts-loader.mjs', import.meta.url).href;

/** What node:test reports of a program, in the format of TAP. */
async function reportOf(program: string): Promise<string> {
  const file = new URL('program.ts', HOME);
  mkdirSync(HOME, { recursive: true });
  writeFileSync(file, APPLICATION + program);
  const args = ['--import', LOADER, '--test', '--test-reporter=tap', fileURLToPath(file)];
  return promisify(execFile)(process.execPath, args, { timeout: 50_000 }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

const program = blocksOf(readPage('docs/testing.md'), 'ts').find((text) => text.includes("from 'node:test'")) ?? '';

it('The program of docs/testing.md for node:test passes', async () => {
  expect(await reportOf(program)).toMatch(/^# pass 1$/m);
});

it('The program of docs/testing.md for node:test fails where the session differs', async () => {
  expect(await reportOf(program.replace('{ visits: 2 }', '{ visits: 3 }'))).toMatch(/^# fail 1$/m);
});
