/**
 * The bytes of a text or a copy of bytes, in memory of their own. `Buffer.from` puts small ones into a pool that all small
 * Buffers of the process share, and every holder of one of these can read the whole pool.
 */
export function ownBytes(value: string | Uint8Array, encoding: 'utf8' | 'base64url' = 'utf8'): Buffer {
  if (typeof value !== 'string') {
    const copy = Buffer.alloc(value.length);
    copy.set(value);
    return copy;
  }
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(value, encoding));
  const length = bytes.write(value, encoding);
  return length === bytes.length ? bytes : bytes.subarray(0, length);
}

/** Hands out secret bytes, and wipes them afterwards. */
export function useAndWipe<T>(bytes: Uint8Array, use: (bytes: Uint8Array) => T): T {
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
}
