import type { DataFormat } from '../data/data-format.js';
import { mergeData } from '../data/merge-data.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import { CSRF } from './csrf-token.js';
import { areSameTimes, type OwnTimes, readRecord } from './record.js';
import type { CreateRecord } from './record-command.js';

/** What a record says: the data as text, and the lifetime that the session has of its own. */
export interface RecordedSession {
  readonly text: string;
  readonly times: OwnTimes;
}

/**
 * The data of a new session, with the values that other requests have saved in the session before it, in the keys that go on. The
 * CSRF secret never goes on: an attacker who has planted that session knows it.
 *
 * @param command creates the new session
 * @param before the session before it, as this request has loaded or saved it
 * @param ended its record at the end
 * @returns `undefined` where there is nothing to take along
 * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`
 */
export function takenAlong(
  { text: own, claims, keptKeys }: CreateRecord,
  before: RecordedSession,
  ended: StoreRecord,
  format: DataFormat,
): RecordedSession | undefined {
  const theirs = readRecord(ended.text, format);
  if (theirs === undefined) return undefined;
  const isTaken = (key: string) => key !== CSRF && (keptKeys === undefined || keptKeys.includes(key));
  // The cookie has the data of a record that has none.
  const text = theirs.data === undefined ? own : mergeData(format, before.text, own, theirs.text, isTaken);
  // The whole session goes on with the lifetime that it was given, unless this request has given it one as well.
  const times = keptKeys === undefined && areSameTimes(claims, before.times) ? theirs.times : claims;
  return format.isSame(text, own) && areSameTimes(times, claims) ? undefined : { text, times };
}
