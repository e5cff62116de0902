import { copyJson } from './json-data.js';
import { sorted } from './key-order.js';
import { largestKeys, tooLong } from './key-sizes.js';
import { findObstacle, MAX_LENGTH, notSerializable } from './serializable.js';
import { isRecord, type SessionRecord } from './session-data.js';

/**
 * Writes the data otherwise than as JSON, for Dates, Maps, BigInts and the like; `devalue` and `superjson` fit.
 * Both functions are synchronous: the cookie is made while the headers are written.
 */
export interface SessionSerializer {
  /** @returns any text; throws for a value that it cannot carry */
  stringify(data: SessionRecord): string;
  /** The inverse of `stringify`. Where it throws, or returns no plain object, the session is new. */
  parse(text: string): unknown;
}

/** How the data is written into the claims. */
export interface DataFormat {
  /**
   * @returns the data as a JSON value
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE`, naming the key path but never the value; `ERR_SESSION_TOO_LARGE` for
   * data that is certainly too large
   */
  write(data: SessionRecord): string;
  /** The text of no data. */
  readonly empty: string;
  /** The inverse of `write`. */
  read(text: string): SessionRecord;
  /** The data of the claims of an authentic token; `undefined` where they hold none. */
  accept(value: SessionRecord | string): SessionRecord | undefined;
  /** Whether two texts hold the same data: the order of keys does not count, that of a Map does. */
  isSame(a: string, b: string): boolean;
  /** The three largest keys with their sizes in bytes, largest first. */
  largestKeys(data: SessionRecord): string;
}

/** The data as a JSON object. */
export const JSON_FORMAT: DataFormat = {
  write(data) {
    const obstacle = findObstacle(data, MAX_LENGTH);
    if (obstacle?.kind === 'value') throw notSerializable(obstacle.path, `cannot be written as JSON, ${obstacle.why}`);
    if (obstacle !== undefined) throw tooLong(data);
    return stringifyOrName(JSON.stringify, data, 'cannot be written as JSON, its toJSON() fails');
  },
  empty: '{}',
  read: (text) => JSON.parse(text) as SessionRecord,
  accept: (value) => (typeof value === 'string' ? undefined : value),
  isSame(a, b) {
    // Two orders of the same keys have the same characters.
    return a === b || (isAnagram(a, b) && isSameSorted(JSON_FORMAT, a, b));
  },
  largestKeys: (data) => largestKeys(data, (part) => Buffer.byteLength(JSON.stringify(part))),
};

/** The data as the serializer's text in a JSON string. */
export function serializerFormat(serializer: SessionSerializer): DataFormat {
  const parse = (text: string) => {
    const data = serializer.parse(text);
    if (!isRecord(data)) throw new TypeError('The serializer did not return an object.');
    return data;
  };
  const stringify = (data: SessionRecord) => {
    const text: unknown = serializer.stringify({ ...data });
    if (typeof text !== 'string') throw new TypeError('The serializer did not return a string.');
    return text;
  };
  const write = (data: SessionRecord) =>
    JSON.stringify(stringifyOrName(stringify, data, 'cannot be written, the serializer refuses it'));
  return {
    write,
    get empty() {
      return write({});
    },
    read: (text) => parse(JSON.parse(text) as string),
    accept(value) {
      // From before the application had a serializer. A copy, because the application may change what it gets.
      if (typeof value !== 'string') return copyJson(value);
      try {
        return parse(value);
      } catch {
        return undefined;
      }
    },
    isSame(a, b) {
      return a === b || isSameSorted(this, a, b);
    },
    largestKeys: (data) => largestKeys(data, (part) => Buffer.byteLength(write(part))),
  };
}

function isSameSorted(format: DataFormat, a: string, b: string): boolean {
  const [first, second] = [a, b].map((text) => format.write(sorted(format.read(text))));
  return first === second;
}

/** Whether two texts may have the same characters in another order; `false` is certain. Cheaper than sorting keys. */
function isAnagram(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at++) difference += a.charCodeAt(at) - b.charCodeAt(at);
  return difference === 0;
}

/** Names the key that `stringify` throws at. */
function stringifyOrName(stringify: (data: SessionRecord) => string, data: SessionRecord, why: string): string {
  try {
    return stringify(data);
  } catch {
    const culprit = Object.keys(data).find((key) => !isStringifiable(stringify, { [key]: data[key] }));
    throw notSerializable(culprit === undefined ? [] : [culprit], why);
  }
}

function isStringifiable(stringify: (data: SessionRecord) => string, data: SessionRecord): boolean {
  try {
    stringify(data);
    return true;
  } catch {
    return false;
  }
}
