import { inspect } from 'node:util';

/** Each way in which bytes might show: as text, hex, base64 and base64url, by themselves or inside of something longer. */
export function spellings(secret: string | Buffer): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const inBuffer = hex.match(/../g)?.slice(0, 16).join(' ') ?? hex;
  const numbers = [...bytes.subarray(0, 8)];
  const encoded = [0, 1, 2].flatMap((before) => [inside(bytes, before, 'base64'), inside(bytes, before, 'base64url')]);
  return [bytes.toString('utf8'), hex, hex.toUpperCase(), inBuffer, numbers.join(', '), numbers.join(), ...encoded];
}

/** The form of each message: *Cannot …: why. What to do.* */
export const ERROR_MESSAGE = /^Cannot [^:]+: .+\. .+[.\d]$/;

/** What `value` shows however it is printed. */
export function shown(value: unknown): string {
  const options = { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity };
  return [inspect(value, options), asText(value), asJson(value), value instanceof Error ? value.stack : ''].join('\n');
}

/** What of the bytes is sure to be seen in base64 when `before` other bytes stand before them in their group of three. */
function inside(bytes: Buffer, before: number, encoding: 'base64' | 'base64url'): string {
  const start = (3 - before) % 3;
  const length = Math.floor((bytes.length - start) / 3) * 3;
  return bytes.subarray(start, start + length).toString(encoding);
}

function asText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '';
  }
}

/** What contains itself is never printed as JSON. */
function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
