import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';

interface Exception {
  readonly path: string;
  readonly test?: string;
  readonly reason: string;
}

// Jest's configuration reads it too, which cannot be TypeScript.
const LIST: string = '../support/store-exceptions.mjs';
const { STORE_EXCEPTIONS } = (await import(LIST)) as { STORE_EXCEPTIONS: readonly Exception[] };

const E2E = new URL('../e2e/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, E2E), 'utf8');
const SPECS = readdirSync(E2E, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.spec.ts'));

describe('The tests that are not run with sessions in a store', () => {
  it.each(STORE_EXCEPTIONS)('are there, and are the only ones of that name: $path $test', ({ path, test }) => {
    if (test === undefined) expect(statSync(new URL(path, E2E)).isDirectory()).toBe(!path.endsWith('.spec.ts'));
    else expect(SPECS.filter((spec) => read(spec).includes(test))).toEqual([path]);
  });

  it.each(STORE_EXCEPTIONS)('have a reason: $path $test', ({ reason }) => {
    expect(reason).toMatch(/\w+ \w+/);
  });
});
