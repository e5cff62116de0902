import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { sign } from '../../../lib/crypto/hmac.js';
import { KeyRing } from '../../../lib/crypto/key-ring.js';
import { deriveKey } from '../../support/keys.js';
import { OTHER_SECRET, SECRET } from '../../support/secrets.js';

const newest = Buffer.from(SECRET);
const older = Buffer.from(OTHER_SECRET);

/** What a key makes of a text tells it from every other key. */
const signedBy = (key: Uint8Array) => createHmac('sha256', key).update('text').digest('base64url');

describe('KeyRing', () => {
  it.each([
    ['HS256', 'session'],
    ['A256GCM', 'session'],
    ['HS256', '__Host-id'],
  ] as const)('derives key and kid by HKDF for %s and the cookie %s', (algorithm, cookieName) => {
    const ring = new KeyRing([newest], algorithm, cookieName);
    const expected = deriveKey(SECRET, algorithm, cookieName);
    expect(sign(ring.newest.key, 'text')).toBe(signedBy(expected.key));
    expect(ring.newest.kid).toBe(expected.kid);
    expect(ring.newest.kid).toMatch(/^[A-Za-z0-9_-]{8}$/);
    expect(ring.newest.stale).toBe(false);
  });

  it('derives another key and kid for each secret, algorithm and cookie name', () => {
    const keys = [
      new KeyRing([newest], 'HS256', 'session'),
      new KeyRing([older], 'HS256', 'session'),
      new KeyRing([newest], 'A256GCM', 'session'),
      new KeyRing([newest], 'HS256', 'session2'),
    ].map((ring) => ring.newest);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(4);
    expect(new Set(keys.map(({ key }) => sign(key, 'text'))).size).toBe(4);
  });

  it('finds each key by its name, and knows which keys are stale', () => {
    const keys = new KeyRing([newest, older], 'HS256', 'session').index(({ kid }) => `<${kid}>`);
    const [first, second] = [SECRET, OTHER_SECRET].map((secret) => deriveKey(secret, 'HS256').kid);
    expect(keys.size).toBe(2);
    expect(keys.get(`<${first}>`)).toMatchObject({ kid: first, stale: false });
    expect(keys.get(`<${second}>`)).toMatchObject({ kid: second, stale: true });
  });

  it('counts a secret that stands several times once, as the newest', () => {
    const ring = new KeyRing([newest, newest, older, newest], 'HS256', 'session');
    const keys = ring.index(({ kid }) => kid);
    expect([...keys.values()].filter(({ stale }) => stale)).toHaveLength(1);
    expect(keys.size).toBe(2);
    expect(keys.get(ring.newest.kid)).toBe(ring.newest);
  });

  it('does not follow a Buffer that is wiped afterwards', () => {
    const secret = Buffer.from(SECRET);
    const ring = new KeyRing([secret], 'HS256', 'session');
    secret.fill(0);
    const expected = deriveKey(SECRET, 'HS256').key;
    expect(sign(ring.newest.key, 'text')).toBe(signedBy(expected));
  });

  it('shows neither secret nor key when inspected', () => {
    const ring = new KeyRing([newest, older], 'HS256', 'session');
    const text = inspect([ring, ring.index(({ kid }) => kid)], { depth: null, showHidden: true });
    expect(text).toContain(ring.newest.kid);
    expect(text).not.toContain(SECRET);
    const key = Buffer.from(deriveKey(SECRET, 'HS256').key);
    const hex = key.toString('hex');
    expect(text).not.toContain(hex);
    expect(text).not.toContain(hex.match(/../g)?.slice(0, 8).join(' '));
  });
});
