import { isLifetime } from '../codec/lifetime.js';
import type { DataFormat } from '../data/data-format.js';
import { isSafeJson } from '../data/json-data.js';
import { isReadable } from '../data/readable.js';
import { isRecord, type SessionRecord } from '../data/session-data.js';

/** What the text of a session in a store says. */
export interface RecordContent {
  readonly data: SessionRecord;
  /** The data as text. */
  readonly text: string;
  /** The session's own lifetime in seconds, where it has one: an older copy of the cookie does not know of it. */
  readonly ttl: number | undefined;
}

/** Writes the text for the store: the data, and before it the session's own lifetime, if it has one. */
export function writeRecord(text: string, ttl: number | undefined): string {
  // Data is an object or a string of JSON and never begins with a digit.
  return ttl === undefined ? text : `${ttl} ${text}`;
}

/** The inverse of {@link writeRecord}; `undefined` for a text that no release of ours has written. */
export function readRecord(written: string, format: DataFormat): RecordContent | undefined {
  const [, seconds, text = ''] = /^(?:(\d{1,10}) )?([^]*)$/.exec(written) ?? [];
  const ttl = seconds === undefined ? undefined : Number(seconds);
  if (ttl !== undefined && !isLifetime(ttl)) return undefined;
  const parsed = parse(text);
  if (typeof parsed !== 'string' && (!isRecord(parsed) || !isSafeJson(parsed))) return undefined;
  const data = format.accept(parsed);
  if (data === undefined || (typeof parsed === 'string' && !isReadable(data))) return undefined;
  return { data, text, ttl };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
