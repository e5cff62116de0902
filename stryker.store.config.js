import { readFileSync } from 'node:fs';

const config = JSON.parse(readFileSync(new URL('stryker.config.json', import.meta.url), 'utf8'));

/**
 * Sessions in a store: what unit tests hold. A run of its own, as its tests take longer to load, and each mutant loads all tests.
 *
 * Not the stores of servers, and nothing that reads and writes records: test/store and test/e2e/store hold those. Not hold-back.ts
 * and arrival.ts: many of their mutants leave a request without an answer, and each waits for its time to run out.
 */
export default {
  ...config,
  jest: { ...config.jest, config: { testMatch: ['<rootDir>/test/unit/mutation-store.ts'] } },
  mutate: ['lib/session/{call-hook,guarded-store,record,record-plan,session-events}.ts', 'lib/store/memory.store.ts'],
  jsonReporter: { fileName: 'reports/mutation/store.json' },
};
