import { MAX_BYTES_PER_UNIT } from '../codec/utf8.js';

/** Room for the bytes of a text, in bytes: a cookie's, where each character takes as many as it can. */
const ROOM = 4096 * MAX_BYTES_PER_UNIT;

/** Used for each text anew, where a Buffer for each would only be garbage; nothing here is asynchronous. */
const room = Buffer.alloc(ROOM);

/** Base64url without padding (RFC 4648 §5, RFC 7515 §2). */
export function encodeBase64url(bytes: Buffer): string {
  return bytes.toString('base64url');
}

/**
 * The bytes, or `undefined` unless `text` is their one canonical spelling: Node's decoder skips foreign characters and
 * ignores spare bits, so it takes many texts for the same bytes.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** BASE64URL(UTF8(text)), as RFC 7515 §2 writes it. */
export function encodeText(text: string): string {
  const bytes = roomFor(text.length * MAX_BYTES_PER_UNIT);
  return bytes.toString('base64url', 0, bytes.write(text, 'utf8'));
}

/** What `encodeText` was given; of a text that may come from anybody only if its spelling is authentic. */
export function decodeText(text: string): string {
  const bytes = roomFor(text.length);
  return bytes.toString('utf8', 0, bytes.write(text, 'base64url'));
}

function roomFor(bytes: number): Buffer {
  return bytes <= ROOM ? room : Buffer.allocUnsafe(bytes);
}
