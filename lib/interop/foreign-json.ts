import { isRecord, type SessionRecord } from '../data/session-data.js';
import { isSafeJson } from '../data/json-data.js';
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
    if (!isSafeJson(parsed)) return undefined;
    const data = revive === undefined ? parsed : revive(parsed);
    // Reviving may have brought another key to light.
    return isRecord(data) && (revive === undefined || isSafeJson(data)) ? data : undefined;
  } catch {
    return undefined;
  }
}
