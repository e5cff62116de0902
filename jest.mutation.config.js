import config from './jest.config.js';

/** The tests that are to kill the mutants of lib/codec, lib/cookie, lib/crypto and lib/data. @type {import('jest').Config} */
export default { ...config, roots: ['<rootDir>/test/unit'], testMatch: ['<rootDir>/test/unit/mutation.ts'] };
