/** How deep objects and arrays may be nested in a session. `JSON.stringify` overflows the stack at some thousand. */
export const MAX_DEPTH = 100;

/** How deep objects and arrays are nested, the outermost included; counts no further than one above `MAX_DEPTH`. */
export function depthOf(value: unknown, depth = 1): number {
  if (typeof value !== 'object' || value === null) return depth - 1;
  if (depth > MAX_DEPTH) return depth;
  let deepest = depth;
  for (const part of Object.values(value)) deepest = Math.max(deepest, depthOf(part, depth + 1));
  return deepest;
}
