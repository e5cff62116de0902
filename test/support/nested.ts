/** An object nested `depth` levels deep, itself counted. */
export function nested(depth: number): Record<string, unknown> {
  let value: Record<string, unknown> = {};
  for (let level = 1; level < depth; level++) value = { a: value };
  return value;
}

/** The JSON of such an object, also of depths that `JSON.stringify()` cannot follow. */
export function nestedJson(depth: number): string {
  return `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;
}

/** The JSON of an object of lists that is nested `depth` levels deep, itself counted. */
export function nestedListsJson(depth: number): string {
  return `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
}
