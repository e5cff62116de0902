import { isLifetime } from '../codec/lifetime.js';
import type { SessionClaims } from '../codec/session-codec.js';
import type { DataFormat } from '../data/data-format.js';
import { isSafeJson } from '../data/json-data.js';
import { isReadable } from '../data/readable.js';
import { isRecord, type SessionRecord } from '../data/session-data.js';

/** The lifetime that one session has of its own, in seconds: an older copy of the cookie does not know of it. */
export type OwnTimes = Pick<SessionClaims, 'ttl' | 'abs'>;

/** What the text of a session in a store says. */
export interface RecordContent {
  readonly data: SessionRecord;
  /** The data as text. */
  readonly text: string;
  readonly times: OwnTimes;
}

/** Writes the text for the store: the data, and before it the session's own lifetime, if it has one: `60 {…}`, `60,3600 {…}`. */
export function writeRecord(text: string, { ttl, abs }: OwnTimes): string {
  // Data is an object or a string of JSON and begins with neither a digit nor a comma.
  if (abs !== undefined) return `${ttl ?? ''},${abs} ${text}`;
  return ttl === undefined ? text : `${ttl} ${text}`;
}

export function areSameTimes(a: OwnTimes, b: OwnTimes): boolean {
  return a.ttl === b.ttl && a.abs === b.abs;
}

/** The inverse of {@link writeRecord}; `undefined` for a text that no release of ours has written. */
export function readRecord(written: string, format: DataFormat): RecordContent | undefined {
  const [, ttl, abs, text = ''] = /^(?:(\d{1,10})?(?:,(\d{1,10}))? )?([^]*)$/.exec(written) ?? [];
  const times = { ttl: numberOf(ttl), abs: numberOf(abs) };
  if (!Object.values(times).every((each) => each === undefined || isLifetime(each))) return undefined;
  const parsed = parse(text);
  if (typeof parsed !== 'string' && (!isRecord(parsed) || !isSafeJson(parsed))) return undefined;
  const data = format.accept(parsed);
  if (data === undefined || (typeof parsed === 'string' && !isReadable(data))) return undefined;
  return { data, text, times };
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
