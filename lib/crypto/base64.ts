import { ownBytes } from './own-bytes.js';

/** Base64url without padding (RFC 4648 §5, RFC 7515 §2). */
export function encodeBase64url(bytes: Buffer): string {
  return bytes.toString('base64url');
}

/**
 * The bytes, or `undefined` unless `text` is their one canonical spelling: Node's decoder skips foreign characters and
 * ignores spare bits, so it accepts many texts for the same bytes.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = ownBytes(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** BASE64URL(UTF8(text)), as RFC 7515 §2 writes it. */
export function encodeText(text: string): string {
  return ownBytes(text, 'utf8').toString('base64url');
}

/** The inverse of `encodeText`, for texts whose spelling is known to be authentic: it is not checked. */
export function decodeText(text: string): string {
  return ownBytes(text, 'base64url').toString('utf8');
}

/** Base64 with padding (RFC 4648 §4), as Starlette and cookie-session write it. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** The bytes, or `undefined` unless `text` is their one canonical spelling in base64 with padding. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** Base64url with padding (RFC 4648 §5), as Fernet writes it. */
export function encodePaddedBase64url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_');
}

/** The bytes, or `undefined` unless `text` is their one canonical spelling in base64url with padding. */
export function decodePaddedBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return encodePaddedBase64url(bytes) === text ? bytes : undefined;
}
