import { withoutExceptions } from './test/support/store-exceptions.mjs';

/** `npm test` and `npm test -- -w 1` are whole runs; `npm test -- test/unit` and `-c another/jest.config.js` are not. */
const isWholeRun = process.argv.slice(2).every((argument) => /^-|^\d+%?$/.test(argument));

/** With sessions in a store: `STORE=memory` or `STORE=redis`. */
const withStore = process.env.STORE && {
  globalSetup: '<rootDir>/test/support/store-setup.mjs',
  globalTeardown: '<rootDir>/test/support/store-teardown.mjs',
  ...withoutExceptions(),
};

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  // Applications are started and pages driven for real, on machines with little to spare.
  testTimeout: 30_000,
  // Jest leaves one core idle, which is half of a machine with two.
  maxWorkers: '100%',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^nestjs-sessions$': '<rootDir>/lib/index.ts',
    '^nestjs-sessions/(interop|store|testing)$': '<rootDir>/lib/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  // Of whole runs only: one file alone covers little, and would fail the thresholds.
  collectCoverage: isWholeRun,
  collectCoverageFrom: ['lib/**/*.ts'],
  coverageReporters: ['text-summary', 'json-summary'],
  coverageThreshold: {
    // What stands between a client and a session is tested to the last branch.
    './lib/codec/': { lines: 100, branches: 100, functions: 100, statements: 100 },
    './lib/cookie/': { lines: 100, branches: 100, functions: 100, statements: 100 },
    './lib/crypto/': { lines: 100, branches: 100, functions: 100, statements: 100 },
    './lib/data/': { lines: 100, branches: 100, functions: 100, statements: 100 },
    global: { lines: 95, branches: 95, functions: 95, statements: 95 },
  },
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, tsconfig: 'tsconfig.json', diagnostics: false }] },
  ...withStore,
};
