import { decodeBase64 } from '../../crypto/base64.js';

/**
 * `TaggedJSONSerializer` of flask/json/tag.py writes a type that JSON lacks as an object whose only key is a tag. Our
 * sessions lack these types too: each is read as plain data, and written back as plain data.
 */
const UNTAG: ReadonlyMap<string, (value: unknown) => unknown> = new Map([
  [' di', untagDict],
  [' t', (value: unknown) => expectThat(Array.isArray(value), value)],
  [' b', (value: unknown) => expectThat(decodeBase64(expectString(value)) !== undefined, value)],
  [' m', expectString],
  [' u', untagUuid],
  [' d', untagDate],
]);

/**
 * Converts tagged JSON to plain data: a tuple to an array, bytes to base64, markup to a string, a UUID to a string with
 * dashes, a datetime to an ISO 8601 string.
 *
 * @throws TypeError or RangeError for a tag with a value that Flask never writes
 */
export function untag(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(untag);
  // Innermost first, as Flask does. `fromEntries` defines own properties, `__proto__` included.
  const entries = Object.entries(value).map(([key, part]) => [key, untag(part)] as const);
  const [only] = entries;
  const untagOne = entries.length === 1 && only !== undefined ? UNTAG.get(only[0]) : undefined;
  return only !== undefined && untagOne !== undefined ? untagOne(only[1]) : Object.fromEntries(entries);
}

/** Converts plain data to tagged JSON: only an object that looks like a tag needs escaping, by the tag ` di`. */
export function tag(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(tag);
  const entries = Object.entries(value).map(([key, part]) => [key, tag(part)] as const);
  const [only] = entries;
  if (only === undefined || entries.length > 1 || !UNTAG.has(only[0])) return Object.fromEntries(entries);
  return { ' di': { [`${only[0]}__`]: only[1] } };
}

/** An object whose only key looked like a tag: Flask has appended two underscores to the key. */
function untagDict(value: unknown): unknown {
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const [only] = entries;
  if (entries.length !== 1 || !only?.[0].endsWith('__')) throw new TypeError('Not a tagged dict.');
  return Object.fromEntries([[only[0].slice(0, -2), only[1]]]);
}

function untagUuid(value: unknown): string {
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(expectString(value));
  if (parts === null) throw new TypeError('Not a tagged UUID.');
  return parts.slice(1).join('-');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** An IMF-fixdate (RFC 9110 §5.6.7), parsed by hand: `Date.parse` shifts early years and accepts much else. */
function untagDate(value: unknown): string {
  const parts = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) GMT$/.exec(expectString(value));
  const [, day, month = '', year, time] = parts ?? [];
  const iso = `${year}-${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}-${day}T${time}.000Z`;
  // `toISOString` throws a RangeError for an impossible date; February 31 turns into a day of March.
  return expectThat(new Date(iso).toISOString() === iso, iso);
}

function expectString(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('The value of the tag is not a string.');
  return value;
}

function expectThat<T>(isMet: boolean, value: T): T {
  if (!isMet) throw new TypeError('The value of the tag has another type.');
  return value;
}
