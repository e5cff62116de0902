import { isRecord, type SessionRecord } from '../data/session-data.js';
import { MAX_DEPTH } from '../data/serializable.js';
import { parsePythonJson } from './python/python-json.js';

/** Rejects what is no UTF-8, as Python does; Node's `Buffer` would put U+FFFD there. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The session in authentic bytes, or `undefined` where they are none: whoever holds the secret may have written
 * anything, so the shape is checked all the same.
 *
 * @param dialect `python` for what `json.dumps` of Python may write beyond RFC 8259
 * @param revive turns what the other side has wrapped into plain data; may throw
 */
export function parseSession(
  bytes: Uint8Array,
  dialect: 'json' | 'python',
  revive?: (data: unknown) => unknown,
): SessionRecord | undefined {
  try {
    const text = UTF8.decode(bytes);
    const parsed: unknown = dialect === 'python' ? parsePythonJson(text) : JSON.parse(text);
    if (!isPlainJson(parsed)) return undefined;
    const data = revive === undefined ? parsed : revive(parsed);
    // Reviving may have brought another key to light.
    return isRecord(data) && (revive === undefined || isPlainJson(data)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether no object has an own `__proto__`, which turns into the prototype where somebody copies it, and nothing is
 * nested deeper than a session of ours may be.
 */
function isPlainJson(value: unknown, depth = 1): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth > MAX_DEPTH) return false;
  return !Object.hasOwn(value, '__proto__') && Object.values(value).every((part) => isPlainJson(part, depth + 1));
}
