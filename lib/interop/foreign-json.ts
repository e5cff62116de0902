import { isRecord, type SessionRecord } from '../data/session-data.js';
import { isSafeJson } from '../data/json-data.js';
import { parsePythonJson } from './python/python-json.js';

/** Rejects invalid UTF-8, as Python does: Node's `Buffer` would replace it by U+FFFD. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses the session of a verified cookie. Its shape is checked all the same: any program with the secret may have
 * written it.
 *
 * @param dialect `python` also accepts what Python's `json.dumps` writes beyond RFC 8259
 * @param revive converts the other side's wrappers to plain data; may throw
 * @returns `undefined` if the bytes are not UTF-8, JSON or an object, or if {@link isSafeJson} fails
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
