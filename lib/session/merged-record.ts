import { mergeData } from '../data/merge-data.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import type { LostAnswers } from './lost-answers.js';
import { nextRecord, type WriteContext } from './next-record.js';
import { readRecord } from './record.js';
import type { KnownRecord, SaveRecord } from './record-command.js';
import type { SessionStorage } from './session-storage.js';

/** A save over the record that is there now, which other requests may have written. */
export interface PresentRecord {
  /** As the request knows it. */
  readonly known: KnownRecord;
  readonly record: StoreRecord;
  /** What the request has saved before, or may have. */
  readonly own: { readonly isWritten: boolean; readonly lost: LostAnswers | undefined };
  readonly storage: SessionStorage;
  readonly context: WriteContext;
}

/** The record that a save makes of the present one: on top of what other requests have saved. */
export function mergedRecord(command: SaveRecord, present: PresentRecord): StoreRecord {
  const { known, storage, context } = present;
  const theirs = { record: recordOfOthers(command, present), times: known.times };
  return nextRecord(command, theirs, baseOf(present), storage, context);
}

/** Whether a save leaves no data in the record, also none that other requests have saved. @param command saves none */
export function leavesNothing(command: SaveRecord, present: PresentRecord): boolean {
  const { format } = present.storage.settings;
  const theirs = readRecord(recordOfOthers(command, present).text, format);
  // The cookie has the data of a record that has none.
  if (theirs?.data === undefined) return true;
  return mergeData(format, baseOf(present), command.text, theirs.text) === command.text;
}

/** The text that this request has written last, or else the text that came, before a schema has changed its data. */
function baseOf({ known, own, context }: PresentRecord): string {
  return own.isWritten ? known.text : context.base();
}

/** Without what only attempts of this request have written whose answers were lost. */
function recordOfOthers(command: SaveRecord, { known, record, own, storage }: PresentRecord): StoreRecord {
  return own.lost?.takenBack(record, known.id, command, storage.settings.format) ?? record;
}
