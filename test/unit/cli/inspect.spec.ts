import { describe, expect, it } from '@jest/globals';
import { SignedCodec } from '../../../lib/codec/signed.codec.js';
import { KeyRing } from '../../../lib/crypto/key-ring.js';
import { OTHER_SECRET, SECRET } from '../../support/secrets.js';
import { inspected, NOW, runWith, vectorsOf } from './support.js';

const [signed] = vectorsOf('signed-v1');
const [encrypted] = vectorsOf('encrypted-v1');

describe.each([
  ['signed', signed],
  ['encrypted', encrypted],
])('A token that is %s', (kind, { token, kid, secret }) => {
  const known = {
    kinds: [kind],
    kid,
    id: 'AAECAwQFBgcICQoLDA0ODw',
    cookie: 'session',
    size: { bytes: token.length + 8, cookies: 1, largest: token.length + 8, limit: 4096 },
  };
  const times = { created: '2026-01-01T00:00:00Z', expires: '2026-01-15T00:00:00Z', keys: ['user'] };

  it('is accepted with its secret', async () => {
    expect(await inspected(token, [secret])).toEqual({
      ...known,
      ...times,
      verdict: 'accepted',
      reason: null,
      why: 'it is authentic, and its time is not over',
      issued: null,
      code: 0,
    });
  });

  it('is decoded as far as it can be read without a secret', async () => {
    const hidden = { created: null, expires: null, keys: null };
    expect(await inspected(token)).toEqual({
      ...known,
      ...(kind === 'signed' ? times : hidden),
      verdict: 'unchecked',
      reason: null,
      why: 'SESSION_SECRET is not set: anybody may have written this cookie',
      issued: null,
      code: 0,
    });
  });

  it('shows what the session holds only when asked to', async () => {
    expect((await runWith(['inspect', token], { env: { SESSION_SECRET: secret } })).out).not.toContain('ada');
    expect((await runWith(['inspect', '--json', token], { env: { SESSION_SECRET: secret } })).out).not.toContain('ada');
    expect(await inspected(token, [secret], ['--values'])).toMatchObject({ data: { user: 'ada' } });
  });

  it('is by an older secret if that comes later in the list', async () => {
    expect(await inspected(token, [OTHER_SECRET, secret])).toMatchObject({
      verdict: 'accepted',
      why: 'made with an older secret, and issued anew when it is used',
    });
  });

  it('has another key than that of another secret, and the answer names both', async () => {
    const { why, ...rest } = await inspected(token, [OTHER_SECRET]);
    expect(rest).toMatchObject({ verdict: 'rejected', reason: 'unknown-key', code: 1 });
    expect(why).toMatch(
      /^its kid is [\w-]{8}, and SESSION_SECRET gives [\w-]{8}: it was made with another secret, or not for the cookie name "session"$/,
    );
    expect(why).toContain(kid);
  });

  it('has another key than each of several other secrets', async () => {
    const { why } = await inspected(token, [OTHER_SECRET, `${OTHER_SECRET}!`]);
    expect(why).toMatch(/^its kid is [\w-]{8}, and SESSION_SECRETS give [\w-]{8}, [\w-]{8}: it was made/);
  });

  it('is bound to the name of its cookie', async () => {
    expect(await inspected(`sid=${token}`, [secret])).toMatchObject({ reason: 'unknown-key', cookie: 'sid' });
    expect(await inspected(token, [secret], ['--name', 'sid'])).toMatchObject({ reason: 'unknown-key' });
  });

  it('says when it was issued, where maxAge tells', async () => {
    expect(await inspected(token, [secret], ['--max-age', '86400'])).toMatchObject({ reason: 'expired' });
    expect(await inspected(token, [secret], ['--max-age', '1209600'])).toMatchObject({
      verdict: 'accepted',
      issued: '2026-01-01T00:00:00Z',
    });
    const renewed = await inspected(token, [secret], ['--max-age', '1036800'], NOW + 86_400);
    expect(renewed).toMatchObject({ verdict: 'accepted', issued: '2026-01-03T00:00:00Z' });
  });

  it('ends by absoluteMaxAge', async () => {
    const args = ['--absolute-max-age', '86400'];
    expect(await inspected(token, [secret], args)).toMatchObject({ verdict: 'rejected', reason: 'expired', code: 1 });
  });
});

describe('Of several cookies of one name', () => {
  const codec = new SignedCodec(new KeyRing([Buffer.from(SECRET)], 'HS256', 'session'));
  const token = (jti: string, iat: number, exp: number) => codec.seal({ jti, iat, exp }, '{}');
  const [older, newer] = [token('older', NOW - 20, NOW + 100), token('newer', NOW - 10, NOW + 100)];
  const renewed = token('renewed', NOW - 10, NOW + 200);

  it.each([
    ['the one created last', [older, newer], 'newer'],
    ['the one created last, in the other order', [newer, older], 'newer'],
    ['the one that ends last, of one session', [newer, renewed], 'renewed'],
    ['a valid one beside junk', ['junk', older], 'older'],
    ['a valid one before an expired one', [older, token('expired', NOW - 5, NOW)], 'older'],
  ])('%s is inspected', async (_, tokens, id) => {
    const header = tokens.map((each) => `session=${each}`).join('; ');
    expect(await inspected(header, [SECRET])).toMatchObject({ verdict: 'accepted', id });
  });
});

describe('A session in several cookies', () => {
  const codec = new SignedCodec(new KeyRing([Buffer.from(SECRET)], 'HS256', 'session'));
  const token = codec.seal({ jti: 'large', iat: NOW, exp: NOW + 10 }, `{"a":"${'x'.repeat(8000)}"}`);
  const pairs = [token.slice(0, 4000), token.slice(4000, 8000), token.slice(8000)].map(
    (chunk, index) => `session${index === 0 ? '' : `.${index}`}=${chunk}`,
  );

  it('is accepted, and each cookie is measured', async () => {
    expect(await inspected(`Cookie: ${pairs.join('; ')}`, [SECRET])).toMatchObject({
      verdict: 'accepted',
      keys: ['a'],
      size: { bytes: pairs.join('').length, cookies: 3, largest: 4010, limit: 4096 },
    });
  });

  it('is malformed or tampered without its last cookie', async () => {
    expect(await inspected(pairs.slice(0, 2).join('; '), [SECRET])).toMatchObject({ verdict: 'rejected', code: 1 });
  });
});

describe('Two valid cookies of one session', () => {
  const ring = new KeyRing([Buffer.from(SECRET)], 'HS256', 'session');
  const seal = (data: string, exp: number, ttl?: number) =>
    new SignedCodec(ring).seal({ jti: 'AAECAwQFBgcICQoLDA0ODw', iat: NOW - 3600, exp, ttl }, data);

  it.each([[[]], [['--max-age', '1209600']]])(
    'are told apart by their issue, as in an application (%j)',
    async (args) => {
      const remembered = seal('{"first":1}', NOW - 3600 + 7_776_000, 7_776_000);
      const later = seal('{"second":2}', NOW - 60 + 1_209_600);
      for (const cookies of [
        [remembered, later],
        [later, remembered],
      ]) {
        const header = cookies.map((token) => `session=${token}`).join('; ');
        expect((await inspected(header, [SECRET], args)).keys).toEqual(['second']);
      }
    },
  );
});

describe('A value in base64 that was cut', () => {
  it.each(['eyJ1c2VyIjoiYWRhI=', 'eyJ1c2VyIjoiYWRhIn=='])(
    'is not shown as the name of a cookie (%s)',
    async (value) => {
      expect(await inspected(value)).toMatchObject({ cookie: 'session', verdict: 'rejected', reason: 'malformed' });
    },
  );
});
