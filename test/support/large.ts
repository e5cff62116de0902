import { randomBytes } from 'node:crypto';
import { forgeWithData, ID, now } from './tokens.js';

/** The attributes of a session cookie over http with the default options. */
export const ATTRIBUTES = '; Max-Age=1209600; Path=/; HttpOnly; SameSite=Lax';

/** How many characters the token of a session has, reckoned without the package. */
export function tokenLength(data: Readonly<Record<string, unknown>>, encrypt: boolean): number {
  if (!encrypt) return forgeWithData(data).length;
  const claims = JSON.stringify({ jti: ID, iat: now(), exp: now(), data });
  const header = JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid: `12345678.${ID}` });
  const [nonce, tag] = [12, 16];
  const parts = [header.length, 0, nonce, Buffer.byteLength(claims), tag];
  return parts.map((bytes) => Math.ceil((bytes * 4) / 3)).reduce((sum, length) => sum + 1 + length);
}

/** How many bytes so many Set-Cookie lines have beside their values. */
export function overhead(name: string, count: number): number {
  const names = Array.from({ length: count }, (_, index) => (index === 0 ? name : `${name}.${index}`));
  return names.reduce((sum, chunk) => sum + `${chunk}=${ATTRIBUTES}`.length, 0);
}

/**
 * A cookie name and a text that make `{ text, n: 1 }` a session of exactly this size, name and attributes included.
 *
 * @param cookies in how many cookies
 * @param start what the text begins with
 */
export function exactly(
  size: number,
  cookies: number,
  encrypt: boolean,
  start: string,
): { readonly name: string; readonly text: string } {
  for (const name of ['s', 'se', 'ses', 'sess']) {
    const textOf = (letters: number) => start + 'x'.repeat(letters);
    const sizeOf = (letters: number) => overhead(name, cookies) + tokenLength({ text: textOf(letters), n: 1 }, encrypt);
    const letters = numberFor(size, sizeOf);
    if (letters !== undefined) return { name, text: textOf(letters) };
  }
  throw new Error(`No session has ${size} bytes.`);
}

/** Text of so many characters that is never the same. */
export function noise(length: number): string {
  return randomBytes(length).toString('base64url').slice(0, length);
}

/** The number that makes `lengthOf` exactly `wanted`; `undefined` where none does. */
function numberFor(wanted: number, lengthOf: (number: number) => number): number | undefined {
  let number = 0;
  for (let step = 2 ** 14; step >= 1; step /= 2) if (lengthOf(number + step) <= wanted) number += step;
  return lengthOf(number) === wanted ? number : undefined;
}
