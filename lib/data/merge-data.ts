import type { DataFormat } from './data-format.js';
import { isSameValue } from './same-value.js';
import type { SessionRecord } from './session-data.js';

/**
 * Puts the changes of one request on top of those of another, by top-level key: a key that was changed or deleted between
 * `base` and `own` is as in `own`, each other key is as in `other`.
 *
 * @param base the data that both have started from, as text
 * @param isTaken which keys may be as in `other`; the rest is as in `own`
 * @returns the merged data as text
 * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`
 */
export function mergeData(
  format: DataFormat,
  base: string,
  own: string,
  other: string,
  isTaken: (key: string) => boolean = () => true,
): string {
  const [before, after, merged] = [base, own, other].map((text) => format.read(text)) as [
    SessionRecord,
    SessionRecord,
    SessionRecord,
  ];
  for (const key of new Set([before, after, merged].flatMap(Object.keys))) {
    if (isTaken(key) && isSameAt(format, key, before, after)) continue;
    // Not by assignment: the key may be "__proto__" in what a serializer reads.
    if (Object.hasOwn(after, key)) define(merged, key, after[key]);
    else delete merged[key];
  }
  return format.write(merged);
}

function isSameAt(format: DataFormat, key: string, a: SessionRecord, b: SessionRecord): boolean {
  if (!Object.hasOwn(a, key) || !Object.hasOwn(b, key)) return Object.hasOwn(a, key) === Object.hasOwn(b, key);
  return isSameValue(format, a[key], b[key]);
}

function define(record: SessionRecord, key: string, value: unknown): void {
  Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
}
