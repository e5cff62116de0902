import type { DataFormat } from '../data/data-format.js';
import { mergeData } from '../data/merge-data.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import { areSameTimes, isOlderThanCookie, readRecord, writeRecord } from './record.js';
import type { RecordName } from './record-key.js';
import type { RecordedSession } from './taken-along.js';

/** A save that the store may have carried out. */
interface LostSave extends RecordedSession {
  readonly id: string;
  /** With the version that it was to be saved over; 0 where it was to be created. */
  readonly record: StoreRecord;
}

/**
 * What the store may have done for a request although its answer was lost: it came too late, or not at all. The next attempt of
 * the request must not take this for the work of another request. Made when the first answer is lost, and forgotten when an
 * attempt succeeds.
 */
export class LostAnswers {
  /** The new sessions that may be there, one for each attempt. No cookie speaks of them. */
  readonly begun: RecordName[] = [];
  readonly #saves: LostSave[] = [];
  /** Whether this request may have ended the session that came. Where that is gone, another request may have ended it as well. */
  mayHaveEnded = false;

  /** Remembers a session that may have been created. */
  addBegun(name: RecordName, record: StoreRecord, session: RecordedSession): void {
    this.begun.push(name);
    this.addSave(name, { ...record, version: 0 }, session);
  }

  /** Remembers a record that may have been saved. @param session what the request had then */
  addSave({ id }: RecordName, record: StoreRecord, { text, times }: RecordedSession): void {
    this.#saves.push({ id, record, text, times });
  }

  /** The id of a session that may have been created. */
  get begunId(): string | undefined {
    return this.begun[0]?.id;
  }

  /** What a session may have been saved with, as text. */
  textsOf(id: string): readonly string[] {
    return this.#saves.filter((each) => each.id === id).map(({ text }) => text);
  }

  /**
   * The record without the values that only lost saves of this request have written: in their place it has those that the
   * request has now. A key that the request has changed, and changed back since, counts as its own.
   *
   * @param own what the request has now
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`
   */
  takenBack(record: StoreRecord, id: string, own: RecordedSession, format: DataFormat): StoreRecord {
    const saves = this.#saves.filter((each) => each.id === id && mayBeIn(record, each.record));
    const theirs = saves.length === 0 ? undefined : readRecord(record.text, format);
    if (theirs === undefined) return record;
    let { text, times } = theirs;
    for (const each of saves) {
      if (theirs.data !== undefined) text = mergeData(format, each.text, own.text, text);
      if (areSameTimes(times, each.times)) ({ times } = own);
    }
    return { ...record, text: writeRecord(text, times, isOlderThanCookie(record.text)) };
  }
}

/** Whether a record may contain a lost save: it has a later version than the save was made over, and its text if it is the next. */
function mayBeIn(record: StoreRecord, saved: StoreRecord): boolean {
  if (record.version === saved.version + 1) return record.text === saved.text;
  return record.version > saved.version;
}
