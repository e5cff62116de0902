import { mergeData } from '../data/merge-data.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import { nextRecord, type PresentRecord } from './next-record.js';
import { readRecord } from './record.js';
import type { SaveRecord } from './record-command.js';

/** The record that a save makes of the present one: on top of what other requests have saved. */
export function mergedRecord(command: SaveRecord, present: PresentRecord): StoreRecord {
  return nextRecord(command, { ...present, record: recordOfOthers(command, present) }, baseOf(present));
}

/** Whether the record has no data after a save of none: other requests have saved none either. */
export function leavesNothing(command: SaveRecord, present: PresentRecord): boolean {
  const { format } = present.storage.settings;
  const theirs = readRecord(recordOfOthers(command, present).text, format);
  // The cookie has the data of a record that has none.
  if (theirs?.data === undefined) return true;
  return mergeData(format, baseOf(present), command.text, theirs.text) === command.text;
}

/** The text that this request has written last; before that, the text that came, as it was before a schema changed its data. */
function baseOf({ known, own, context }: PresentRecord): string {
  return own.isWritten ? known.text : context.base();
}

/** The present record without the values that only lost attempts of this request have written. */
function recordOfOthers(command: SaveRecord, { known, record, own, storage }: PresentRecord): StoreRecord {
  return own.lost?.takenBack(record, known.id, command, storage.settings.format) ?? record;
}
