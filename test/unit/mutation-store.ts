/** The tests that are to kill the mutants of `stryker.store.config.js`, as one file: see mutation.ts for why. */
const FILES = [
  'session/call-hook',
  'session/guarded-store',
  'session/record',
  'session/record-plan',
  'session/session-events',
  'store/memory.store',
];
for (const file of FILES) await import(`./${file}.spec.ts`);
