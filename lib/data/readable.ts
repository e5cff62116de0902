/**
 * Whether data that a serializer has read can be used like data: no getter throws, and no object has an own `__proto__` key,
 * which becomes the prototype of a careless copy. Objects may contain themselves.
 */
export function isReadable(data: unknown): boolean {
  const visited = new Set<object>();
  const pending: unknown[] = [data];
  try {
    for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
      if (typeof value !== 'object' || value === null || visited.has(value)) continue;
      if (ArrayBuffer.isView(value)) continue;
      if (Object.hasOwn(value, '__proto__')) return false;
      visited.add(value);
      const parts: unknown[] = value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : [];
      for (const part of parts.concat(Object.values(value))) if (part !== undefined) pending.push(part);
    }
    return true;
  } catch {
    return false;
  }
}
