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
