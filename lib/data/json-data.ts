import { MAX_DEPTH } from './serializable.js';

/**
 * Whether parsed JSON can be a session: nested at most 100 levels deep, and without a `__proto__` key, which `JSON.parse` lets
 * through and which becomes the prototype of a careless copy.
 */
export function isSafeJson(value: unknown, depth = 1): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth > MAX_DEPTH || Object.hasOwn(value, '__proto__')) return false;
  return Object.values(value).every((part) => isSafeJson(part, depth + 1));
}

/**
 * Whether the text alone shows that JSON is safe, in a quarter of the time: it has too few brackets to be nested too deep,
 * and no spelling of `__proto__`. `false` shows nothing.
 */
export function isSafeText(json: string): boolean {
  if (json.includes('__proto__') || json.includes('\\u')) return false;
  return count(json, '{') + count(json, '[') <= MAX_DEPTH;
}

/** How often a text has a character; counts no further than `MAX_DEPTH` and one. */
function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at !== -1 && found <= MAX_DEPTH; at = text.indexOf(character, at + 1)) found++;
  return found;
}

/** A deep copy of parsed JSON. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson) as T;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = copyJson((value as Record<string, unknown>)[key]);
  return copy as T;
}
