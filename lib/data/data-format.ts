import { assertSerializable, notSerializable, isPlainJson } from './serializable.js';
import { isRecord, type SessionRecord } from './session-data.js';
import { sorted } from './key-order.js';

/**
 * Another way of writing the data than JSON, for Dates, Maps, BigInts and the like; `devalue` and `superjson` fit.
 * Both functions are synchronous: the cookie is made while the headers leave.
 */
export interface SessionSerializer {
  /** @returns any text; throws for what it cannot carry */
  stringify(data: SessionRecord): string;
  /** Takes back what `stringify` returned. What is no plain object, or throws, is a fresh session. */
  parse(text: string): unknown;
}

/** How the data stands in the claims. */
export interface DataFormat {
  /**
   * @returns the data as a JSON value
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE`, naming the key path but never the value
   */
  write(data: SessionRecord): string;
  /** What `write` returns where there is no data. */
  readonly empty: string;
  /** Takes back what `write` returned. */
  read(text: string): SessionRecord;
  /** The data out of the claims of an authentic token; `undefined` if it is none. */
  accept(value: SessionRecord | string): SessionRecord | undefined;
}

/** The data as a JSON object. */
export const JSON_FORMAT: DataFormat = {
  write(data) {
    if (!isPlainJson(data)) assertSerializable(data);
    return stringifyOrName(JSON.stringify, data, 'cannot be written as JSON, its toJSON() fails');
  },
  empty: '{}',
  read: (text) => JSON.parse(text) as SessionRecord,
  accept: (value) => (typeof value === 'string' ? undefined : value),
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
      // From before the application had a serializer.
      if (typeof value !== 'string') return value;
      try {
        return parse(value);
      } catch {
        return undefined;
      }
    },
  };
}

/** Whether two texts by `format.write` say the same: the order of keys does not count, that of a Map does. */
export function isSameData(format: DataFormat, a: string, b: string): boolean {
  if (a === b) return true;
  // Two orders of the same keys in JSON have the same characters.
  if (format === JSON_FORMAT && !isAnagram(a, b)) return false;
  const [first, second] = [a, b].map((text) => format.write(sorted(format.read(text))));
  return first === second;
}

/** Whether two texts may have the same characters in another order; `false` is certain. Costs less than to sort keys. */
function isAnagram(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at++) difference += a.charCodeAt(at) - b.charCodeAt(at);
  return difference === 0;
}

/** Names the three largest keys with their sizes in bytes, largest first. */
export function largestKeys(format: DataFormat, data: SessionRecord): string {
  return Object.entries(data)
    .map(([key, value]) => ({ key, size: Buffer.byteLength(format.write({ [key]: value })) }))
    .toSorted((a, b) => b.size - a.size)
    .slice(0, 3)
    .map(({ key, size }) => `"${key}" (${size} bytes)`)
    .join(', ');
}

/** Says which key is to blame where `stringify` throws. */
function stringifyOrName(stringify: (data: SessionRecord) => string, data: SessionRecord, why: string): string {
  try {
    return stringify(data);
  } catch {
    const culprit = Object.keys(data).find((key) => !isStringifiable(stringify, { [key]: data[key] }));
    throw notSerializable(culprit, why);
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
