import { readdirSync } from 'node:fs';

/**
 * All tests of codec/, cookie/, crypto/ and data/ as one file, for `jest.mutation.config.js`: making an environment for each file takes
 * Jest longer than the tests in it, and mutants need hundreds of runs. Not the properties: what is random may kill a
 * mutant today and not tomorrow.
 */
for (const folder of ['codec', 'cookie', 'crypto', 'data']) {
  for (const name of readdirSync(new URL(folder, import.meta.url))) {
    if (name.endsWith('.spec.ts') && !name.endsWith('.property.spec.ts')) await import(`./${folder}/${name}`);
  }
}
