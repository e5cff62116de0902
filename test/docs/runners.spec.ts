import { describe, expect, it, jest } from '@jest/globals';
import { blocksOf, readPage } from '../support/documents.js';
import { nodeTest, programOf, vitest } from '../support/test-runners.js';

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

const PROGRAM = blocksOf(readPage('docs/testing.md'), 'ts').find((text) => text.includes("from 'node:test'")) ?? '';
const FIRST_LINES = "import assert from 'node:assert/strict';\nimport { test } from 'node:test';";
/** As docs/testing.md says, in the place of the first two lines. */
const FOR_VITEST = "import { assert, test } from 'vitest'";

it('docs/testing.md shows the first two lines, and says what they are with Vitest', () => {
  expect(PROGRAM.startsWith(FIRST_LINES)).toBe(true);
  expect(readPage('docs/testing.md')).toContain(`only the first two lines differ: \`${FOR_VITEST}\``);
});

describe.each([
  ['node:test', nodeTest, FIRST_LINES],
  ['Vitest', vitest, FOR_VITEST],
])('The program of docs/testing.md for %s', (runner, countsOf, lines) => {
  const name = runner.replace(':', '-');
  const program = PROGRAM.replace(FIRST_LINES, lines);

  it('passes', () => {
    expect(countsOf(programOf(`${name}-good`, APPLICATION + program))).toEqual({ pass: 1, fail: 0 });
  });

  it('fails where the session differs', () => {
    const wrong = program.replace('{ visits: 2 }', '{ visits: 3 }');
    expect(countsOf(programOf(`${name}-wrong`, APPLICATION + wrong))).toEqual({ pass: 0, fail: 1 });
  });
});
