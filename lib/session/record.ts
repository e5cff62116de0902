import { isLifetime } from '../codec/lifetime.js';
import type { SessionClaims } from '../codec/session-codec.js';
import type { DataFormat } from '../data/data-format.js';
import { isSafeJson, isSafeText } from '../data/json-data.js';
import { isReadable } from '../data/readable.js';
import { isRecord, type SessionRecord } from '../data/session-data.js';

/** The lifetime that one session has of its own, in seconds: an older copy of the cookie does not know of it. */
export type OwnTimes = Pick<SessionClaims, 'ttl' | 'abs'>;

/** What the text of a session in a store says. */
export interface RecordContent {
  /** `undefined` where the cookie has it, and the record never had. */
  readonly data: SessionRecord | undefined;
  /** The data as text. */
  readonly text: string;
  readonly times: OwnTimes;
}

/** Before data that is older than that of the cookie. Data itself is an object or a string of JSON. */
const OLDER = '~';

/**
 * Writes the text for the store: the data, and before it the session's own lifetime, if it has one: `60 {…}`, `60,3600 {…}`.
 *
 * @param text empty where the cookie has the data, and the record never had
 * @param isOlder whether the data of the cookie counts, where it has some. That of the record is for copies that have none
 */
export function writeRecord(text: string, { ttl, abs }: OwnTimes, isOlder = false): string {
  const body = isOlder && text !== '' ? OLDER + text : text;
  // Data begins with neither a digit nor a comma.
  if (abs !== undefined) return `${ttl ?? ''},${abs} ${body}`;
  return ttl === undefined ? body : `${ttl} ${body}`;
}

export function areSameTimes(a: OwnTimes, b: OwnTimes): boolean {
  return a.ttl === b.ttl && a.abs === b.abs;
}

/** Whether the data of the cookie counts, where it has some: the record has none, or older data. */
export function isOlderThanCookie(written: string): boolean {
  const { mark, text } = partsOf(written);
  return mark === OLDER || text === '';
}

/** Whether the record has data. */
export function hasData(written: string): boolean {
  return partsOf(written).text !== '';
}

/** The inverse of {@link writeRecord}; `undefined` for a text that no release of ours has written. */
export function readRecord(written: string, format: DataFormat): RecordContent | undefined {
  const { ttl, abs, text } = partsOf(written);
  const times = { ttl: numberOf(ttl), abs: numberOf(abs) };
  if (!Object.values(times).every((each) => each === undefined || isLifetime(each))) return undefined;
  if (text === '') return { data: undefined, text, times };
  const parsed = parse(text);
  if (typeof parsed !== 'string' && (!isRecord(parsed) || !(isSafeText(text) || isSafeJson(parsed)))) return undefined;
  const data = format.accept(parsed);
  if (data === undefined || (typeof parsed === 'string' && !isReadable(data))) return undefined;
  return { data, text, times };
}

/** What stands before the data, and the data, of which nothing is looked at: it may be large. */
function partsOf(written: string) {
  const [before = '', ttl, abs, mark] = /^(?:(\d{1,10})?(?:,(\d{1,10}))? )?(~)?/.exec(written) ?? [];
  return { ttl, abs, mark, text: written.slice(before.length) };
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
