import { Adoption } from './adoption.js';
import { CurrentRecord } from './current-record.js';
import type { FetchedRecords } from './fetched-records.js';
import type { SessionState } from './session-state.js';
import type { SessionStorage } from './session-storage.js';

/**
 * The record of the session that came. A session that came in another way has none, but may be about to get one.
 *
 * @param endedIds the sessions that the request has ended before
 */
export function currentRecordOf(
  { originClaims, data }: SessionState,
  records: FetchedRecords | undefined,
  storage: SessionStorage,
  endedIds: readonly string[],
): CurrentRecord {
  const fetched = originClaims && records?.get(originClaims);
  if (originClaims === undefined || fetched === undefined) return new CurrentRecord(storage, endedIds);
  const { record, rk, isStale, isAdoptable } = fetched;
  const adoption = isAdoptable ? new Adoption(storage, originClaims) : undefined;
  if (record === undefined) return new CurrentRecord(storage, endedIds, undefined, adoption);
  const { jti: id, ttl, abs } = originClaims;
  const known = {
    id,
    rk,
    record,
    times: { ttl, abs },
    isStale,
    isMerged: false,
    get text() {
      return data.originalText;
    },
  };
  return new CurrentRecord(storage, endedIds, known);
}
