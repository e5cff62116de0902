/** Freezes an object and all that it holds, for where a change could not be saved. */
export function deepFreeze<T extends object>(value: T): T {
  // What is frozen already was met before, if it contains itself; the elements of a typed array cannot be.
  if (Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return value;
}
