import { describe, expect, it } from '@jest/globals';
import { jws } from '../support/compact.js';
import { SessionError } from '../../lib/session.errors.js';
import { FORGE } from './support/forge.js';
import { formatFor, NOW, open, SECRET, type Values, write } from './support/formats.js';
import { findPeer, Peer } from './support/peer.js';

const format = formatFor('asgi-sessions jwt');
const forge = FORGE['asgi-sessions jwt'];
const PAST = 'PyJWT reads it as the end of the token, and it has passed';
const START = 'PyJWT reads it as the start of the token, and it is in the future';
const TIME = 'PyJWT reads it as a time and needs a number';
const TEXT = 'PyJWT since 2.10 reads it as a claim and needs a string';
const AUDIENCE = 'PyJWT reads it as an audience, and asgi-sessions expects none';

interface Case {
  readonly data: (now: number) => Record<string, unknown>;
  /** Why it is not read; nothing for what is. */
  readonly reason?: string;
  /** Why it is not written, which may be more: every version of PyJWT 2 has to read it. */
  readonly why?: string;
  /** Read by other versions than Debian's, or the other way round. */
  readonly differs?: true;
}

const CASES: Record<string, Case> = {
  'exp in the future': { data: (now) => ({ exp: now + 100 }) },
  'exp with a fraction': { data: (now) => ({ exp: now + 100.5 }) },
  'exp beyond all time': { data: () => ({ exp: 1e300 }) },
  'exp now': { data: (now) => ({ exp: now }), reason: 'expired', why: PAST },
  'exp less than a second ahead': { data: (now) => ({ exp: now + 0.9 }), reason: 'expired', why: PAST },
  'exp in the past': { data: (now) => ({ exp: now - 100 }), reason: 'expired', why: PAST },
  'exp 0': { data: () => ({ exp: 0 }), reason: 'expired', why: PAST },
  'exp true': { data: () => ({ exp: true }), reason: 'expired', why: TIME },
  'exp as text': { data: () => ({ exp: ' +9_999_999_999 ' }), why: TIME },
  'exp as another text': { data: () => ({ exp: 'tomorrow' }), reason: 'malformed', why: TIME },
  'exp as a text with a fraction': { data: () => ({ exp: '9999999999.5' }), reason: 'malformed', why: TIME },
  'exp as an empty text': { data: () => ({ exp: '' }), reason: 'malformed', why: TIME },
  'exp null': { data: () => ({ exp: null }), reason: 'malformed', why: TIME },
  'exp as a list': { data: () => ({ exp: [1] }), reason: 'malformed', why: TIME },
  'exp as an object': { data: () => ({ exp: {} }), reason: 'malformed', why: TIME },
  'nbf in the past': { data: (now) => ({ nbf: now - 100 }) },
  'nbf in the future': { data: (now) => ({ nbf: now + 100 }), reason: 'future', why: START },
  'nbf as text': { data: () => ({ nbf: 'x' }), reason: 'malformed', why: TIME },
  'nbf false': { data: () => ({ nbf: false }), why: TIME },
  'iat in the past': { data: (now) => ({ iat: now - 100 }) },
  'iat before 1970': { data: () => ({ iat: -5 }) },
  'iat in the future': { data: (now) => ({ iat: now + 100 }), reason: 'future', why: START },
  'iat as a text of a number': { data: () => ({ iat: '5' }), why: TIME, differs: true },
  'iat null': { data: () => ({ iat: null }), reason: 'malformed', why: TIME },
  'aud as text': { data: () => ({ aud: 'x' }), reason: 'malformed', why: AUDIENCE },
  'aud as a list': { data: () => ({ aud: ['x'] }), reason: 'malformed', why: AUDIENCE },
  'aud as a number': { data: () => ({ aud: 1 }), reason: 'malformed', why: AUDIENCE },
  ...Object.fromEntries(
    ['', null, 0, false, [], {}].map((aud) => [`aud ${JSON.stringify(aud)}`, { data: () => ({ aud }) }]),
  ),
  'iss, sub and jti as text': { data: () => ({ iss: 'a', sub: 'b', jti: 'c' }) },
  'sub as a number': { data: () => ({ sub: 5 }), why: TEXT, differs: true },
  'jti null': { data: () => ({ jti: null }), why: TEXT, differs: true },
  'iss as a list': { data: () => ({ iss: [] }), why: TEXT, differs: true },
  'claims further in': { data: () => ({ user: { exp: 1, aud: 'x', nbf: 1e300 } }) },
};

const errorOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof SessionError) return { code: error.code, message: error.message };
    throw error;
  }
  return undefined;
};

describe.each(Object.entries(CASES))('A session with %s', (_, { data, reason, why }) => {
  const session = data(NOW);
  const [key] = Object.keys(session);

  it(reason === undefined ? 'is read' : `is not read: ${reason}`, () => {
    expect(open(format, forge(JSON.stringify(session)))).toMatchObject(
      reason === undefined ? { ok: true, data: session } : { ok: false, reason },
    );
  });

  it(why === undefined ? 'is written' : 'is not written, with an error that names the key', () => {
    const error = errorOf(() => write(format, session));
    const message = `Cannot write the session for asgi-sessions: its key "${key}" cannot be used, because ${why}. Use another key.`;
    expect(error).toEqual(why === undefined ? undefined : { code: 'ERR_SESSION_KEY_FORBIDDEN', message });
  });
});

const timesOf = (payload: string) => {
  const opened = open(format, forge(payload));
  return opened.ok && { issuedAt: opened.issuedAt, expiresAt: opened.expiresAt };
};

describe('The times of a session of asgi-sessions', () => {
  it('are those of its claims, within what a Date can hold', () => {
    expect(timesOf('{}')).toEqual({ issuedAt: undefined, expiresAt: undefined });
    expect(timesOf(`{"iat":${NOW - 5.5},"exp":${NOW + 5.5}}`)).toEqual({ issuedAt: NOW - 6, expiresAt: NOW + 5 });
    expect(timesOf('{"iat":-1e300,"exp":1e300}')).toEqual({ issuedAt: 0, expiresAt: 8_640_000_000_000 });
    expect(timesOf(`{"exp":${'9'.repeat(400)}}`)).toEqual({ issuedAt: undefined, expiresAt: 8_640_000_000_000 });
  });

  it.each(['NaN', 'Infinity', '-Infinity', '1e400'])('are none with %s, where int() of Python fails', (time) => {
    expect(open(format, forge(`{"exp":${time}}`))).toEqual({ ok: false, reason: 'malformed' });
  });
});

describe('The header of a token', () => {
  it('is one of the two that PyJWT 2 writes', () => {
    const [token] = write(format, { a: 1 });
    expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).toBe('{"alg":"HS256","typ":"JWT"}');
    expect(open(format, signed('{"typ":"JWT","alg":"HS256"}'))).toMatchObject({ ok: true, data: {} });
  });

  it.each([
    '{"alg":"none","typ":"JWT"}',
    '{"alg":"HS512","typ":"JWT"}',
    '{"alg":"RS256","typ":"JWT"}',
    '{"alg":"HS256"}',
    '{"alg":"HS256","typ":"JWT","kid":"x"}',
    '{"alg":"HS256","typ":"JWT","crit":["x"]}',
    '{"alg": "HS256", "typ": "JWT"}',
  ])('is no other, even if it is signed: %s', (header) => {
    expect(open(format, signed(header))).toEqual({ ok: false, reason: 'malformed' });
    expect(open(format, [signed(header)[0].replace(/[^.]*$/, '')])).toEqual({ ok: false, reason: 'malformed' });
  });
});

function signed(header: string): Values {
  return [jws(header, '{}', SECRET)];
}

const found = findPeer('asgi-sessions jwt');
const suite = 'command' in found ? it : it.skip;

describe('PyJWT itself', () => {
  const title = 'reads the same sessions, and every one that is written';
  suite('missing' in found ? `${title}: skipped, ${found.missing}` : title, async () => {
    const peer = new Peer('command' in found ? found.command : ['false'], 'asgi-sessions jwt', SECRET);
    const now = Math.floor(Date.now() / 1000);
    for (const [name, { data, reason, why, differs }] of Object.entries(CASES)) {
      // The clock of PyJWT runs on.
      if (name.includes('less than a second')) continue;
      const session = JSON.stringify(data(now));
      const { error } = await peer.ask({ read: forge(session)[0] ?? '' });
      if (differs === undefined)
        expect({ name, isRead: error === undefined }).toEqual({ name, isRead: reason === undefined });
      if (why === undefined) expect({ name, error }).toEqual({ name, error: undefined });
    }
    peer.stop();
  });
});
