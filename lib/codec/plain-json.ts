import { MAX_DEPTH } from './depth.js';

/**
 * Whether `data` is what nearly all sessions are: strings, numbers, booleans, null, and arrays and plain objects of these,
 * which JSON carries as they are. `false` says nothing yet; to name what is wrong takes a slower look.
 */
export function isPlainJson(data: object): boolean {
  try {
    return isPlain(data, 1);
  } catch {
    // A getter that throws.
    return false;
  }
}

function isPlain(value: object, depth: number): boolean {
  if (depth > MAX_DEPTH || 'toJSON' in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) return (value as unknown[]).every((part) => isPlainPart(part, depth));
  if (prototype !== Object.prototype) return false;
  // What Object.prototype was polluted with is looked at too, which can only send it to the slower look.
  for (const key in value) {
    if (key === '__proto__' || !isPlainPart((value as Record<string, unknown>)[key], depth)) return false;
  }
  return true;
}

function isPlainPart(part: unknown, depth: number): boolean {
  switch (typeof part) {
    case 'string':
    case 'number':
    case 'boolean':
      return true;
    case 'object':
      return part === null || isPlain(part, depth + 1);
    default:
      return false;
  }
}
