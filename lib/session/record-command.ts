import type { SessionClaims } from '../codec/session-codec.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import type { OwnTimes } from './record.js';

/** The record of a session as its request knows it. */
export interface KnownRecord {
  readonly id: string;
  /** The fresh part of its key, of a session that was taken over. */
  readonly rk: string | undefined;
  /** As it was read or written last, with the version that the store has. */
  readonly record: StoreRecord;
  /** The data that the request had then, as text. */
  readonly text: string;
  readonly times: OwnTimes;
  /** Whether the record has to be written anew: see `OpenedRecord`. */
  readonly isStale?: boolean;
  /** Whether the record also has changes of other requests, which this request does not show. */
  readonly isMerged: boolean;
}

/** Creates a record. */
export interface CreateRecord {
  readonly kind: 'create';
  readonly claims: SessionClaims;
  readonly text: string;
  /** Whether it has values of the session before it, and must not outlive the end of that one. */
  readonly hasKept: boolean;
  /** The keys in which it goes on with what other requests have saved; `undefined`: all keys, because only its id is new. */
  readonly keptKeys: readonly string[] | undefined;
}

/** Saves over a record. */
export interface SaveRecord {
  readonly kind: 'save';
  readonly text: string;
  readonly times: OwnTimes;
  /** Whether its end is counted anew; otherwise it stays as it is. */
  readonly isExtended: boolean;
}

/** Ends a session that was emptied, unless another request has saved something in it. */
export interface EmptyRecord {
  readonly kind: 'empty';
  /** Empty data, as text. */
  readonly text: string;
}

/** Ends a session. */
export interface EndRecord {
  readonly kind: 'delete';
  /** Whether a session without a record goes on with its values, and must not outlive the end of this one. */
  readonly hasKept: boolean;
}

/** What a store has to do. Times are NumericDates. */
export type RecordCommand =
  CreateRecord | SaveRecord | { readonly kind: 'touch'; readonly expiresAt: number } | EmptyRecord | EndRecord;
