import { SessionError } from '../session.errors.js';
import { quote } from './quote.js';
import { jsonLength, MAX_LENGTH } from './serializable.js';
import type { SessionRecord } from './session-data.js';

/** The error of data that is too long to be looked through. */
export function tooLong(data: SessionRecord): SessionError {
  const longest = longestKeys(data, 3).map(([key, length]) => {
    return `${quote(key)} (${length > MAX_LENGTH ? `more than ${MAX_LENGTH}` : `about ${length}`})`;
  });
  return new SessionError(
    'ERR_SESSION_TOO_LARGE',
    `Cannot save the session: its data has more than ${MAX_LENGTH} characters as JSON. ` +
      `Store less, or only ids; the longest keys are ${longest.join(', ')}.`,
  );
}

/** Names the three keys that take the most room. Only those are measured that are the longest by an estimate. */
export function largestKeys(data: SessionRecord, measure: (part: SessionRecord) => number): string {
  return longestKeys(data, 12)
    .map(([key]) => ({ key, bytes: measure({ [key]: data[key] }) }))
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
    .map(({ key, bytes }) => `${quote(key)} (${bytes} bytes)`)
    .join(', ');
}

/** The longest keys, with about their lengths. Looks through no more than a few times `MAX_LENGTH`. */
function longestKeys(data: SessionRecord, count: number): [key: string, length: number][] {
  const lengths: [key: string, length: number][] = [];
  let budget = 4 * MAX_LENGTH;
  for (const key of Object.keys(data)) {
    const length = jsonLength(data, key, MAX_LENGTH);
    lengths.push([key, length]);
    budget -= length;
    if (budget < 0) break;
  }
  return lengths.toSorted(([, a], [, b]) => b - a).slice(0, count);
}
