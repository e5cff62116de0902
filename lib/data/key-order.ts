import { isPlainObject, isRecord, type SessionRecord } from './session-data.js';

/**
 * A copy with the keys of all plain objects sorted, so that two orders of the same keys look the same. Whatever is
 * neither a plain object nor an array keeps its order: in a Map it counts.
 */
export function sorted(data: SessionRecord): SessionRecord {
  return copySorted(data, new Map()) as SessionRecord;
}

/** @param copies what stands in several places, or contains itself, is copied once */
function copySorted(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (copies.has(value)) return copies.get(value);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (const part of value) list.push(copySorted(part, copies));
    return list;
  }
  if (!isPlainObject(value) || !isRecord(value)) return value;
  const record: SessionRecord = {};
  copies.set(value, record);
  for (const key of Object.keys(value).toSorted()) record[key] = copySorted(value[key], copies);
  return record;
}
