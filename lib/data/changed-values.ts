import type { SessionRecord } from './session-data.js';

/** The place of a value that was not there. */
const ABSENT = Symbol('ABSENT');

/** Which top-level values of a session were changed, and what they were before. */
export class SessionChanges {
  #before: Map<string, unknown> | undefined;

  /** To be called before the value of `key` changes. */
  remember(data: SessionRecord, key: string): void {
    this.#before ??= new Map();
    if (!this.#before.has(key)) this.#before.set(key, valueOf(data, key));
  }

  /** Whether any value is another one than it was. */
  areIn(data: SessionRecord): boolean {
    if (this.#before === undefined) return false;
    for (const [key, value] of this.#before) if (valueOf(data, key) !== value) return true;
    return false;
  }

  /** Puts back all values. */
  undo(data: SessionRecord): void {
    for (const [key, value] of this.#before ?? []) {
      if (value === ABSENT) delete data[key];
      else data[key] = value;
    }
  }
}

function valueOf(data: SessionRecord, key: string): unknown {
  return Object.hasOwn(data, key) ? data[key] : ABSENT;
}

/** Whether a value says all by itself: nobody can change it from outside, and JSON carries it as it is. */
export function isAtomic(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    default:
      return value === null;
  }
}
