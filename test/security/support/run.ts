import { jest } from '@jest/globals';

/** Whether this is the long run: `npm run test:exhaustive`. */
export const EXHAUSTIVE = process.env.EXHAUSTIVE === '1';

/** Random for each run and printed with every figure; `SEED=… npm test` repeats a run. */
export const SEED = seedOf(process.env.SEED);

// Thousands of cases on a busy machine; the long run has a hundred times as many.
jest.setTimeout(EXHAUSTIVE ? 7_200_000 : 300_000);

/** How many cases: in `npm test`, and in the long run. */
export function cases(quick: number, exhaustive: number): number {
  return EXHAUSTIVE ? exhaustive : quick;
}

/** Prints one figure, so that a command shows it: `npm test -- security | grep '^security:'`. */
export function report(figure: string): void {
  process.stdout.write(`security: ${figure}, seed ${SEED}\n`);
}

/** Random numbers that `SEED` repeats. `name` keeps two checks from drawing the same ones. */
export class Random {
  #state: number;

  constructor(name: string) {
    this.#state = Array.from(name).reduce((hash, { length }, at) => hash * 31 + name.charCodeAt(at) * length, SEED) | 0;
  }

  /** A whole number from 0 to `end` - 1: mulberry32. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0];
  }

  /** Up to `most` characters out of `alphabet`. */
  text(alphabet: string, most: number): string {
    return Array.from({ length: this.below(most + 1) }, () => alphabet[this.below(alphabet.length)] ?? '').join('');
  }
}

function seedOf(given: string | undefined): number {
  if (given === undefined || given === '') return Math.floor(Math.random() * 2 ** 31);
  const seed = Number(given);
  if (!Number.isInteger(seed)) throw new Error('SEED is no whole number.');
  return seed;
}
