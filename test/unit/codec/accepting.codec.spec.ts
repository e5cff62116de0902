import { describe, expect, it } from '@jest/globals';
import { AcceptingCodec } from '../../../lib/codec/accepting.codec.js';
import type { SessionCodec, Unsealed } from '../../../lib/codec/session-codec.js';
import { OTHER_SECRET, SECRET } from '../support.js';
import { CLAIMS, describeCodec } from './codec-contract.js';
import { encrypted, signed } from './jose.js';

const jws = signed.create([SECRET]);
const jwe = encrypted.create([SECRET]);
const signing = new AcceptingCodec(jws, [jwe]);
const encrypting = new AcceptingCodec(jwe, [jws]);
const JWS = jws.seal(CLAIMS, '{"user":"ada"}');
const JWE = jwe.seal(CLAIMS, '{"user":"ada"}');
const opened = (stale: boolean) => ({ ok: true, claims: CLAIMS, data: { user: 'ada' }, stale });

/** A codec that knows nothing but how it answers. */
function answering(result: Unsealed): SessionCodec {
  return { seal: () => 'x', unseal: () => result };
}

describeCodec('AcceptingCodec', {
  ...encrypted,
  create: (secrets, name) => new AcceptingCodec(encrypted.create(secrets, name), []),
});

describe('AcceptingCodec', () => {
  it('seals in its own format', () => {
    expect(signing.seal(CLAIMS, '{"user":"ada"}')).toBe(JWS);
    expect(encrypting.seal(CLAIMS, '{"user":"ada"}').split('.')).toHaveLength(5);
  });

  it('opens its own format as it is', () => {
    expect(signing.unseal(JWS)).toStrictEqual(opened(false));
    expect(encrypting.unseal(JWE)).toStrictEqual(opened(false));
  });

  it('opens another format as stale, though its key is the newest', () => {
    expect(signing.unseal(JWE)).toStrictEqual(opened(true));
    expect(encrypting.unseal(JWS)).toStrictEqual(opened(true));
  });

  it('opens its own format of an older secret as stale', () => {
    const older = new AcceptingCodec(signed.create([OTHER_SECRET, SECRET]), [jwe]);
    expect(older.unseal(JWS)).toStrictEqual(opened(true));
  });

  it.each([
    ['junk', 'junk', 'malformed'],
    ['dots', '...', 'malformed'],
    ['a changed JWS', `${JWS}A`, 'tampered'],
    ['a changed JWE', `${JWE.slice(0, -22)}${'A'.repeat(22)}`, 'tampered'],
    ['a JWS of another secret', signed.create([OTHER_SECRET]).seal(CLAIMS, '{}'), 'unknown-key'],
    ['a JWE of another secret', encrypted.create([OTHER_SECRET]).seal(CLAIMS, '{}'), 'unknown-key'],
  ])('says of %s what the codec of its format says', (_, token, reason) => {
    expect(signing.unseal(token)).toStrictEqual({ ok: false, reason });
    expect(encrypting.unseal(token)).toStrictEqual({ ok: false, reason });
  });

  it('asks the others in their order, until one opens the token', () => {
    const no = answering({ ok: false, reason: 'malformed' });
    const first = answering({ ok: true, claims: CLAIMS, data: { first: 1 }, stale: false });
    const second = answering({ ok: true, claims: CLAIMS, data: { second: 2 }, stale: false });
    expect(new AcceptingCodec(no, [no, first, second]).unseal('x')).toMatchObject({ data: { first: 1 }, stale: true });
    expect(new AcceptingCodec(second, [first]).unseal('x')).toMatchObject({ data: { second: 2 }, stale: false });
  });

  it('keeps the reason that says most', () => {
    const malformed = answering({ ok: false, reason: 'malformed' });
    const tampered = answering({ ok: false, reason: 'tampered' });
    const expected = { ok: false, reason: 'tampered' };
    expect(new AcceptingCodec(tampered, [malformed]).unseal('x')).toStrictEqual(expected);
    expect(new AcceptingCodec(malformed, [tampered]).unseal('x')).toStrictEqual(expected);
    expect(new AcceptingCodec(malformed, [tampered, malformed]).unseal('x')).toStrictEqual(expected);
    expect(new AcceptingCodec(malformed, []).unseal('x')).toStrictEqual({ ok: false, reason: 'malformed' });
  });

  it('asks nobody else where its own format fits', () => {
    const never: SessionCodec = {
      seal: () => '',
      unseal: () => {
        throw new Error('Asked in vain.');
      },
    };
    expect(new AcceptingCodec(jws, [never]).unseal(JWS)).toStrictEqual(opened(false));
  });
});
