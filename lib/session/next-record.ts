import { mergeData } from '../data/merge-data.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import type { LostAnswers } from './lost-answers.js';
import { areSameTimes, hasData, readRecord, writeRecord } from './record.js';
import type { CreateRecord, KnownRecord, SaveRecord } from './record-command.js';
import type { SessionStorage } from './session-storage.js';

/** What a command needs to know beside itself. */
export interface WriteContext {
  /** Time of the save: a NumericDate in whole seconds. */
  readonly now: number;
  /** When the request began: a NumericDate. */
  readonly since: number;
  /** A hash of the person whose session it is, by its data as text. */
  readonly subjectOf: (text: string) => string | undefined;
  /** What a list of devices shows. */
  readonly device: string | undefined;
  /** The data that came, as text. */
  readonly base: () => string;
}

/** The record that a save finds in the store, and what the save needs beside it. */
export interface PresentRecord {
  /** As the request knows it. */
  readonly known: KnownRecord;
  /** As it is now: other requests may have written it. */
  readonly record: StoreRecord;
  /** What the request has saved before, or may have. */
  readonly own: { readonly isWritten: boolean; readonly lost: LostAnswers | undefined };
  readonly storage: SessionStorage;
  readonly context: WriteContext;
}

/** The record of a session that has had none. @param hasText whether it has the data */
export function newRecord({ claims, text }: CreateRecord, hasText: boolean, context: WriteContext): StoreRecord {
  const { iat: createdAt, exp: expiresAt } = claims;
  const { now: seenAt, device } = context;
  const written = writeRecord(hasText ? text : '', claims);
  return { text: written, version: 1, createdAt, seenAt, expiresAt, subject: context.subjectOf(text), device };
}

/**
 * The record that a save makes of the present one.
 *
 * @param base the data that the request began with, as text; not given where no other request has written in between
 */
export function nextRecord(
  { text: own, times, isExtended }: SaveRecord,
  { known, record, storage: { settings, isDataInCookie }, context }: PresentRecord,
  base?: string,
): StoreRecord {
  const { format, lifetime } = settings;
  const theirs = base === undefined ? undefined : readRecord(record.text, format);
  // Data in a cookie is as the last response says.
  const isMergeable = base !== undefined && theirs?.data !== undefined && !isDataInCookie;
  const text = isMergeable ? mergeData(format, base, own, theirs.text) : own;
  const ownTimes = theirs !== undefined && areSameTimes(times, known.times) ? theirs.times : times;
  const subject = context.subjectOf(text);
  // By the lifetime that it has then, which another request may have given it.
  const end = lifetime.expiry({ iat: record.createdAt, ...ownTimes }, context.now);
  // A store writes subject and end together. A touch may have extended the end since it was read, but not beyond this one.
  const kept = subject === record.subject ? record.expiresAt : Math.max(record.expiresAt, end);
  return {
    ...record,
    text: writeRecord(isDataInCookie && !hasData(record.text) ? '' : text, ownTimes, isDataInCookie),
    seenAt: context.now,
    expiresAt: isExtended ? end : kept,
    subject,
    device: context.device ?? record.device,
  };
}
