import type { SessionRecord } from './session-data.js';

/** Stands for the value of a key that did not exist. */
const ABSENT = Symbol('ABSENT');

/** The top-level values of a session that were changed, and what they were before. */
export class ChangedValues {
  #before: Map<string, unknown> | undefined;

  /** Call it before the value of `key` changes. */
  record(data: SessionRecord, key: string): void {
    this.#before ??= new Map();
    if (!this.#before.has(key)) this.#before.set(key, valueOf(data, key));
  }

  /** Whether a recorded value differs from the one in `data`. */
  differFrom(data: SessionRecord): boolean {
    if (this.#before === undefined) return false;
    for (const [key, value] of this.#before) if (valueOf(data, key) !== value) return true;
    return false;
  }

  /** Puts all recorded values back. */
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

/** Whether a value cannot be changed from outside, and JSON carries it as it is. */
export function isPrimitive(value: unknown): boolean {
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
