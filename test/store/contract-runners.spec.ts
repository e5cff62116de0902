import { describe, expect, it, jest } from '@jest/globals';
import { memoryStore } from 'nestjs-sessions/store';
import { storeContract } from 'nestjs-sessions/testing';
import { blocksOf, readPage } from '../support/documents.js';
import { nodeTest, programOf, vitest } from '../support/test-runners.js';

// A process of its own takes its time to start on a busy machine.
jest.setTimeout(120_000);

/** As docs/store.md has it, for people who write a store. */
const PROGRAM = blocksOf(readPage('docs/store.md'), 'ts').find((text) => text.includes('storeContract(')) ?? '';

/** What the program uses and does not show. */
const CLOSED = `
import { memoryStore } from 'nestjs-sessions/store';
const closed = async () => Promise.reject(new Error('closed'));
const names = ['load', 'create', 'save', 'touch', 'delete', 'listOf', 'deleteAllOf', 'sweep'];
const closedStore = Object.fromEntries(names.map((name) => [name, closed]));
`;
const GOOD = 'const myStore = memoryStore();';
const WRONG = "const myStore = Object.assign(memoryStore(), { save: async () => 'saved' });";

const CHECKS = storeContract(memoryStore(), { unreachable: memoryStore }).length;

describe.each([
  ['node:test', nodeTest],
  ['vitest', vitest],
])('The program of docs/store.md, under %s', (runner, countsOf) => {
  const resultOf = (name: string, store: string) => {
    const program = PROGRAM.replace("from 'node:test'", `from '${runner}'`);
    return countsOf(programOf(`contract-${runner.replace(':', '-')}-${name}`, CLOSED + store + program));
  };

  it('passes for a store that meets the contract', () => {
    expect(resultOf('good', GOOD)).toEqual({ pass: CHECKS, fail: 0 });
  });

  it('fails for a store that says it has saved, and has not', () => {
    const { pass, fail } = resultOf('wrong', WRONG);
    expect(fail).toBeGreaterThan(5);
    expect(pass + fail).toBe(CHECKS);
  });
});
