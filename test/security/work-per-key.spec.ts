import { describe, expect, it, jest } from '@jest/globals';
import * as crypto from 'node:crypto';
import { report } from './support/run.js';
import { SECRET } from '../support/secrets.js';

const calls: string[] = [];
const counted = Object.fromEntries(
  (
    [
      'hash',
      'createHmac',
      'createDecipheriv',
      'createCipheriv',
      'hkdfSync',
      'timingSafeEqual',
      'createHash',
      'randomBytes',
    ] as const
  ).map((name) => [
    name,
    (...given: never[]): unknown => {
      calls.push(name);
      return (crypto[name] as (...rest: never[]) => unknown)(...given);
    },
  ]),
);
// Before anything that loads the codecs.
jest.unstable_mockModule('node:crypto', () => ({ ...crypto, ...counted }));
const { authentic, MODES, payloadOf } = await import('./support/modes.js');
const { resolveSettings } = await import('../support/settings.js');

/** Secrets with `SECRET` at the end. */
const ring = (length: number) =>
  Array.from({ length }, (_, at) => (at === length - 1 ? SECRET : `${at}`.padEnd(32, 'x')));
const RINGS = [1, 2, 10, 100].map(ring);

describe.each(MODES)('The cryptography for one cookie, %s', (mode) => {
  const token = authentic(mode, payloadOf());
  const [header = ''] = token.split('.');
  // Not in the last character: it has spare bits, and another spelling of them is refused before any cryptography.
  const tampered = `${token.slice(0, -3)}${token.at(-3) === 'A' ? 'B' : 'A'}${token.slice(-2)}`;

  it.each([
    ['a valid token of the oldest key', token, true, 2],
    ['a tampered token of the oldest key', tampered, false, 2],
    ['a token of an unknown key', authentic(mode, payloadOf(), 'nobody knows this secret of ours'), false, 0],
    ['another header', token.replace(header, header.slice(0, -1)), false, 0],
    ['junk', 'junk', false, 0],
    ['as many dots as fit', '.'.repeat(4096), false, 0],
  ])('is the same for 1 key and for 100: %s', (title, given, ok, work) => {
    const made = RINGS.map((secretKey) => {
      const { codec } = resolveSettings({ secretKey, encrypt: mode === 'encrypted' });
      calls.length = 0;
      expect(codec.unseal(given).ok).toBe(ok);
      return calls.join();
    });
    report(`${mode}: ${title}: ${calls.length} calls of node:crypto for 1, 2, 10 and 100 keys (${made[0]})`);
    expect(new Set(made).size).toBe(1);
    expect(calls).toHaveLength(work);
  });

  it('is the same to seal, however many keys there are', () => {
    const made = RINGS.map((secretKey) => {
      const { codec } = resolveSettings({ secretKey, encrypt: mode === 'encrypted' });
      calls.length = 0;
      codec.seal({ jti: 'id', iat: 0, exp: 1 }, '{}');
      return calls.join();
    });
    expect(new Set(made)).toEqual(
      new Set([mode === 'signed' ? 'createHmac' : 'createHmac,randomBytes,createCipheriv']),
    );
  });
});

describe('Random bytes', () => {
  it('are asked for each time, because processes may start from one snapshot of the heap', async () => {
    const { newSessionId } = await import('../../lib/codec/claims.js');
    calls.length = 0;
    const ids = Array.from({ length: 100 }, newSessionId);
    expect([new Set(ids).size, calls.filter((name) => name === 'randomBytes').length]).toEqual([100, 100]);
    const { codec } = resolveSettings({ secretKey: SECRET, encrypt: true });
    calls.length = 0;
    for (let times = 0; times < 10; times++) codec.seal({ jti: 'id', iat: 0, exp: 1 }, '{}');
    expect(calls.filter((name) => name === 'randomBytes')).toHaveLength(10);
  });
});

describe.each(MODES)('A session that is too large, %s', (mode) => {
  it('is refused before it is signed or encrypted, however many keys it has', async () => {
    const { SessionManager } = await import('../../lib/session/session.manager.js');
    const { exchangeWith } = await import('../support/exchange.js');
    const { errorOf } = await import('../support/errors.js');
    const encrypt = mode === 'encrypted';
    const manager = new SessionManager(resolveSettings({ secretKey: SECRET, encrypt, cookieCount: 3 }));
    const { request, response } = exchangeWith();
    const session = manager.open(request, response);
    session.update(Object.fromEntries(Array.from({ length: 11_000 }, (_, at) => [`key${at}`, at])));
    calls.length = 0;
    expect(errorOf(() => manager.seal(request)).code).toBe('ERR_SESSION_TOO_LARGE');
    // The id of the new session, which the size depends on.
    expect(calls.filter((name) => name !== 'randomBytes')).toEqual([]);
  });
});
