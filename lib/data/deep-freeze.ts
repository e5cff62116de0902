/** Freezes an object and all that it holds. */
export function deepFreeze<T extends object>(value: T): T {
  // An object that is frozen already was visited before; the elements of a typed array cannot be frozen.
  if (Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return value;
}
