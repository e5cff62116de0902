import { describe, expect, it } from '@jest/globals';
import { createCipheriv, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Fernet } from '../../lib/interop/python/fernet.js';

interface Vector {
  readonly token: string;
  readonly now: string;
  readonly secret: string;
  readonly src: string;
  readonly iv: readonly number[];
  readonly ttl_sec: number;
  readonly desc: string;
}

/** generate.json, verify.json and invalid.json of the specification. */
const file = new URL('../vectors/fernet.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Record<'generate' | 'verify' | 'invalid', Vector[]>;
const bytes = (text: string) => Buffer.from(text, 'base64url');
const seconds = (date: string) => Date.parse(date) / 1000;

/** Why each invalid vector is rejected; the specification says no more than that it is. */
const REASONS: Record<string, string> = {
  'incorrect mac': 'tampered',
  'too short': 'malformed',
  'invalid base64': 'malformed',
  'payload size not multiple of block size': 'malformed',
  'payload padding error': 'malformed',
  'far-future TS (unacceptable clock skew)': 'future',
  'expired TTL': 'expired',
  'incorrect IV (causes padding error)': 'malformed',
};

const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const NOW = 1_767_225_600;
const fernet = new Fernet(KEY);
const sealed = fernet.seal(Buffer.from('hello'), NOW);

describe('Fernet', () => {
  it.each(vectors.generate)('generates the token of the specification: $src', ({ secret, src, now, iv, token }) => {
    expect(new Fernet(bytes(secret)).seal(Buffer.from(src), seconds(now), Buffer.from(iv))).toBe(token);
  });

  it.each(vectors.verify)('verifies the token of the specification: $src', ({ secret, src, now, ttl_sec, token }) => {
    const opened = new Fernet(bytes(secret)).open(token, { now: seconds(now), ttl: ttl_sec });
    expect(opened).toEqual({ ok: true, message: Buffer.from(src), issuedAt: 499_162_800 });
  });

  it.each(vectors.invalid)('rejects the invalid token of the specification: $desc', (vector) => {
    const opened = new Fernet(bytes(vector.secret)).open(vector.token, {
      now: seconds(vector.now),
      ttl: vector.ttl_sec,
    });
    expect(opened).toEqual({ ok: false, reason: REASONS[vector.desc] });
  });

  it('has all vectors of the specification', () => {
    expect([vectors.generate.length, vectors.verify.length, vectors.invalid.length]).toEqual([1, 1, 8]);
  });

  it.each([0, 1, 15, 16, 17, 1000])('opens what it has sealed: %d bytes', (length) => {
    const message = Buffer.alloc(length, 'x');
    const opened = fernet.open(fernet.seal(message, NOW), { now: NOW });
    expect(opened).toEqual({ ok: true, message, issuedAt: NOW });
  });

  it('takes another initialization vector each time', () => {
    expect(new Set(Array.from({ length: 50 }, () => fernet.seal(Buffer.from('hello'), NOW))).size).toBe(50);
  });

  it.each([
    ['up to its ttl', NOW + 60, 60, undefined],
    ['not beyond its ttl', NOW + 61, 60, 'expired'],
    ['at any age without a ttl', NOW + 1e9, undefined, undefined],
    ['from a clock that is 60 s ahead', NOW - 60, undefined, undefined],
    ['not from a clock that is 61 s ahead', NOW - 61, undefined, 'future'],
  ])('takes a token %s', (_, now, ttl, reason) => {
    expect(fernet.open(sealed, { now, ttl })).toMatchObject(
      reason === undefined ? { ok: true } : { ok: false, reason },
    );
  });

  it('checks in the order of the specification: version, time, HMAC, padding', () => {
    const parts = bytes(sealed);
    const change = (at: number) => {
      const changed = Buffer.from(parts);
      changed[at] = (changed[at] ?? 0) ^ 1;
      return changed.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    };
    const late = { now: NOW + 61, ttl: 60 };
    expect(fernet.open(change(0), late)).toEqual({ ok: false, reason: 'malformed' });
    expect(fernet.open(change(parts.length - 1), late)).toEqual({ ok: false, reason: 'expired' });
    expect(fernet.open(change(parts.length - 1), { now: NOW })).toEqual({ ok: false, reason: 'tampered' });
    expect(fernet.open(change(30), { now: NOW })).toEqual({ ok: false, reason: 'tampered' });
  });

  it('rejects authentic tokens with an empty ciphertext, or with a wrong padding', () => {
    const authentic = (ciphertext: Buffer) => {
      const head = bytes(sealed).subarray(0, 25);
      const body = Buffer.concat([head, ciphertext]);
      const hmac = createHmac('sha256', KEY.subarray(0, 16)).update(body).digest();
      return Buffer.concat([body, hmac]).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    };
    const cipher = createCipheriv('aes-128-cbc', KEY.subarray(16), bytes(sealed).subarray(9, 25)).setAutoPadding(false);
    const wrongPadding = Buffer.concat([cipher.update(Buffer.alloc(16, 3).fill(0, 0, 14)), cipher.final()]);
    for (const ciphertext of [Buffer.alloc(0), Buffer.alloc(15), wrongPadding]) {
      expect(fernet.open(authentic(ciphertext), { now: NOW })).toEqual({ ok: false, reason: 'malformed' });
    }
  });

  it('takes one spelling: base64url with its padding', () => {
    expect(sealed.endsWith('==')).toBe(true);
    const others = [sealed.slice(0, -1), sealed.slice(0, -2), `${sealed}=`, ` ${sealed}`, `${sealed}\n`];
    for (const other of [...others, sealed.replace('==', '%3D%3D'), sealed.replace(/.==$/, '/==')]) {
      expect(fernet.open(other, { now: NOW })).toEqual({ ok: false, reason: 'malformed' });
    }
  });

  it.each([0, 16, 31, 33, 64])('refuses a key of %d bytes', (length) => {
    expect(() => new Fernet(Buffer.alloc(length))).toThrow(new RangeError('A Fernet key has 32 bytes.'));
  });
});
