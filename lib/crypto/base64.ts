/** A character takes at most three bytes of UTF-8 for each unit of a string's length. */
export const MAX_BYTES_PER_UNIT = 3;

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

/** Base64 with padding (RFC 4648 §4), as Starlette and cookie-session write it. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** The bytes, or `undefined` unless `text` is their one spelling in base64 with padding. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** Base64url with padding (RFC 4648 §5), as Fernet has it. */
export function encodePaddedBase64url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_');
}

/** The bytes, or `undefined` unless `text` is their one spelling in base64url with padding. */
export function decodePaddedBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return encodePaddedBase64url(bytes) === text ? bytes : undefined;
}
