import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { type FormatName, formatFor, NAMES, open, type Values, write } from './support/formats.js';

interface Vector {
  readonly format: FormatName;
  readonly description: string;
  /** The session, as it is read here. */
  readonly data: Record<string, unknown>;
  /** The session as Python has it, where that is more than JSON. */
  readonly python?: string;
  readonly secret: string;
  readonly now: number;
  readonly values: Values;
}

/** Made by peers/record.mjs with the real libraries. */
const file = new URL('../vectors/interop.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };
const text = (value: string) => Buffer.from(value, 'base64url').toString('utf8');

describe.each(NAMES)('A recorded cookie of %s', (name) => {
  const own = vectors.filter(({ format }) => format === name);

  it.each(own)('is read: $description', ({ secret, values, now, data }) => {
    const opened = open(formatFor(name, secret), values, now);
    expect(opened.ok && opened.data).toStrictEqual(data);
    expect(opened.ok && opened.issuedAt).toBe(/starlette|flask|fernet/.test(name) ? now : undefined);
  });

  it.each(own)('is nothing to another secret: $description', ({ secret, values, now }) => {
    // The first character: the second half of a Fernet key does not sign.
    const opened = open(formatFor(name, secret.replace(/^./, '?')), values, now);
    expect(opened).toEqual({ ok: false, reason: 'tampered' });
  });

  it.each(own)('is nothing to another format: $description', ({ secret, values, now }) => {
    const isForFernet = Buffer.byteLength(secret) <= 32;
    for (const other of NAMES.filter((format) => format !== name && (isForFernet || !format.endsWith('fernet')))) {
      expect(open(formatFor(other, secret), values, now).ok).toBe(false);
    }
  });
});

describe('A cookie of ours', () => {
  // Written by the same clock, of data that Python writes in the same bytes: one key, no blanks, ASCII.
  it.each(['asgi-sessions jwt', 'cookie-session'] as const)('is the one that %s writes, byte by byte', (name) => {
    const own = vectors.filter(({ format, description }) => format === name && /secret|user/.test(description));
    expect(own.length).toBe(3);
    for (const { secret, data, now, values } of own) expect(write(formatFor(name, secret), data, now)).toEqual(values);
  });

  it('is the one that Flask writes, byte by byte where no zlib comes in', () => {
    const own = vectors.filter(({ format, python }) => format === 'flask' && python === undefined);
    const ascii = own.filter(
      ({ description }) => !/beyond ASCII|all that/.test(description) || /secret/.test(description),
    );
    const compressed = ascii.filter(({ values: [value] }) => value.startsWith('.'));
    expect([ascii.length, compressed.length]).toEqual([6, 2]);
    for (const { secret, data, now, values } of ascii) {
      const [ours] = write(formatFor('flask', secret), data, now);
      expect(ours.startsWith('.')).toBe(values[0].startsWith('.'));
      if (!ours.startsWith('.')) expect(ours).toBe(values[0]);
    }
  });

  it('differs from that of Starlette by the blanks only that Python puts into JSON', () => {
    const own = vectors.filter(({ format, description }) => format === 'starlette' && /user|nothing/.test(description));
    expect(own.length).toBe(2);
    for (const { secret, data, now, values } of own) {
      const [ours, theirs] = [write(formatFor('starlette', secret), data, now)[0], values[0]].map((value) =>
        value.split('.'),
      );
      expect(text(ours?.[0] ?? '')).toBe(text(theirs?.[0] ?? '').replaceAll(/([:,]) /g, '$1'));
      expect(ours?.[1]).toBe(theirs?.[1]);
    }
  });
});
