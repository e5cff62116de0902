import { decodeBase64 } from '../../crypto/base64.js';

/**
 * `TaggedJSONSerializer` of flask/json/tag.py: what JSON does not have is an object whose only key is a tag. As there is
 * no such type in a session of ours either, each becomes the plain data that stands for it; written it stays that.
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
 * Plain data out of tagged JSON: a tuple as an array, bytes as base64, markup as a string, a UUID as a string with its
 * dashes, a datetime as an ISO 8601 string.
 *
 * @throws TypeError for a tag with a value that Flask writes for none
 */
export function untag(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(untag);
  // From within outwards, as Flask does. Own properties whatever their names: `fromEntries` defines them.
  const entries = Object.entries(value).map(([key, part]) => [key, untag(part)] as const);
  const [only] = entries;
  const untagOne = entries.length === 1 && only !== undefined ? UNTAG.get(only[0]) : undefined;
  return only !== undefined && untagOne !== undefined ? untagOne(only[1]) : Object.fromEntries(entries);
}

/** Tagged JSON out of plain data: only an object that looks like a tag needs one, so that Flask does not take it for it. */
export function tag(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(tag);
  const entries = Object.entries(value).map(([key, part]) => [key, tag(part)] as const);
  const [only] = entries;
  if (only === undefined || entries.length > 1 || !UNTAG.has(only[0])) return Object.fromEntries(entries);
  return { ' di': { [`${only[0]}__`]: only[1] } };
}

/** An object whose only key is like a tag: Flask appends two underscores to it. */
function untagDict(value: unknown): unknown {
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const [only] = entries;
  if (entries.length !== 1 || !only?.[0].endsWith('__')) throw new TypeError('This is no tagged dict.');
  return Object.fromEntries([[only[0].slice(0, -2), only[1]]]);
}

function untagUuid(value: unknown): string {
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(expectString(value));
  if (parts === null) throw new TypeError('This is no tagged UUID.');
  return parts.slice(1).join('-');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** An IMF-fixdate (RFC 9110 §5.6.7), taken apart by hand: `Date.parse` moves early years and reads much else. */
function untagDate(value: unknown): string {
  const parts = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) GMT$/.exec(expectString(value));
  const [, day, month = '', year, time] = parts ?? [];
  const iso = `${year}-${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}-${day}T${time}.000Z`;
  // Throws a RangeError where there is no such day; a 31st of February comes back as another one.
  return expectThat(new Date(iso).toISOString() === iso, iso);
}

function expectString(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('This tag has no text.');
  return value;
}

function expectThat<T>(isMet: boolean, value: T): T {
  if (!isMet) throw new TypeError('This tag has a value of another type.');
  return value;
}
