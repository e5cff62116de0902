// Runs the end-to-end tests on Nest 11: npm ci --prefix test/nest11, then npm test -- -c test/nest11/jest.config.js
import { readFileSync } from 'node:fs';
import base from '../../jest.config.js';

const core = JSON.parse(readFileSync(new URL('node_modules/@nestjs/core/package.json', import.meta.url), 'utf8'));
if (!core.version.startsWith('11.')) throw new Error(`These tests are for Nest 11, and ${core.version} is installed.`);

// Some tests run programs of their own, whose imports Jest cannot map: test/support/ts-loader.mjs does.
process.env.NEST_FOLDER = import.meta.url;

/** Files that are left out, each with the reason. */
const LEFT_OUT = [
  '/e2e/with/', // packages that are made for Nest 12
  '/contexts/(?:graphql|hybrid|websocket)[\\w-]*\\.spec\\.ts$', // the same
  '/lifetime/websocket', // the same
  '/contexts/current-session-sockets', // the same
  '/store/websocket', // the same
];

/** Tests that are left out: parts of their full names. */
const TESTS_LEFT_OUT = [
  'leaves with an async iterable', // Nest 11 would send it as JSON
  'leaves with a web Response', // Nest 11 knows none on Express
];

/** @type {import('jest').Config} */
export default {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/e2e', '<rootDir>/test/security'],
  testMatch: ['**/test/e2e/**/*.spec.ts', '**/test/security/{bad-cookies,leaks,leaks-at-start}.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...LEFT_OUT],
  testNamePattern: `^(?!.*(?:${TESTS_LEFT_OUT.join('|')}))`,
  moduleNameMapper: {
    ...base.moduleNameMapper,
    // One copy of each, whoever asks.
    '^(@nestjs/.*|(?:rxjs|reflect-metadata)(?:/.*)?)$': '<rootDir>/test/nest11/node_modules/$1',
  },
};
