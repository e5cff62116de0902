import { describe, it } from '@jest/globals';
import { findProgram } from '../../support/programs.js';

/** A suite that needs a program: where it is not installed, one test says that the suite is skipped, and why. */
export function describeWith(program: string, title: string, suite: () => void): void {
  if (findProgram(program) !== undefined) describe(title, suite);
  else describe(title, () => it.skip(`is skipped: ${program} is not installed`, () => {}));
}
