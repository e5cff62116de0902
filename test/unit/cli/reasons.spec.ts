import { describe, expect, it } from '@jest/globals';
import { EncryptedCodec } from '../../../lib/codec/encrypted.codec.js';
import { SignedCodec } from '../../../lib/codec/signed.codec.js';
import { KeyRing } from '../../../lib/crypto/key-ring.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { exchangeWith } from '../../support/exchange.js';
import { managerWith } from '../../support/open-session.js';
import { OTHER_SECRET, SECRET } from '../../support/secrets.js';
import { inspected, vectorsOf } from './support.js';

const [signed] = vectorsOf('signed-v1');
const [encrypted] = vectorsOf('encrypted-v1');

function ring(algorithm: 'HS256' | 'A256GCM', secret = SECRET): KeyRing {
  return new KeyRing([Buffer.from(secret)], algorithm, 'session');
}

describe('The reason', () => {
  const codecs = { signed: new SignedCodec(ring('HS256')), encrypted: new EncryptedCodec(ring('A256GCM')) };
  const others = {
    signed: new SignedCodec(ring('HS256', OTHER_SECRET)),
    encrypted: new EncryptedCodec(ring('A256GCM', OTHER_SECRET)),
  };
  const claims = { jti: 'AAECAwQFBgcICQoLDA0ODw', iat: START, exp: START + 1000 };

  const situations = (kind: 'signed' | 'encrypted'): readonly (readonly [string, string, number])[] => {
    const token = codecs[kind].seal(claims, '{"a":1}');
    return [
      ['a good cookie', token, 0],
      ['another secret', others[kind].seal(claims, '{"a":1}'), 0],
      ['another last character', token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A'), 0],
      ['a cut end', token.slice(0, -4), 0],
      ['a cut segment', token.slice(0, token.lastIndexOf('.')), 0],
      ['a segment too many', `${token}.x`, 0],
      ['its last second', token, 999],
      ['the second after', token, 1000],
      ['a clock that is 60 seconds behind', token, -60],
      ['a clock that is 61 seconds behind', token, -61],
      ['data that is no session', codecs[kind].seal(claims, '[1]'), 0],
      ['claims of no id', codecs[kind].seal({ ...claims, jti: 'a b' }, '{}'), 0],
      ['a lifetime of its own', codecs[kind].seal({ ...claims, ttl: 5, exp: START + 5 }, '{}'), 4],
      ['a lifetime of its own that is over', codecs[kind].seal({ ...claims, ttl: 5, exp: START + 5 }, '{}'), 5],
      ['more than a cookie holds', codecs[kind].seal(claims, `{"a":"${'x'.repeat(6000)}"}`), 0],
    ];
  };
  const cases = (['signed', 'encrypted'] as const).flatMap((kind) =>
    situations(kind).map(([situation, token, seconds]) => [kind, situation, token, seconds] as const),
  );

  it.each(cases)('for a %s token is that of onReject: %s', async (kind, _, token, seconds) => {
    stopClock();
    setClock(seconds);
    let reason: string | null = null;
    const manager = managerWith({ encrypt: kind === 'encrypted', onReject: (given) => (reason = given) });
    const { request, response } = exchangeWith(`session=${token}`);
    const isAccepted = !manager.open(request, response).isNew;
    const told = await inspected(`session=${token}`, [SECRET], [], START + seconds);
    expect([told.verdict, told.reason]).toEqual([isAccepted ? 'accepted' : 'rejected', reason]);
    expect(told.code).toBe(isAccepted ? 0 : 1);
  });

  it('for text of no known format is malformed, with and without a secret', async () => {
    const malformed = { verdict: 'rejected', reason: 'malformed', kinds: [], code: 1 };
    expect(await inspected('junk')).toMatchObject(malformed);
    expect(await inspected('session="quoted"', [SECRET])).toMatchObject(malformed);
    expect((await inspected('junk')).why).toBe(
      'no known format looks like this: it may be cut, quoted or percent-encoded',
    );
  });

  it('for a token that is visibly cut is malformed without a secret too', async () => {
    const cut = signed.token.slice(0, 80);
    expect(await inspected(cut)).toMatchObject({
      reason: 'malformed',
      why: 'its content cannot be read: it may be cut',
    });
    expect(await inspected(encrypted.token.slice(0, 120))).toMatchObject({ reason: 'malformed', kinds: ['encrypted'] });
  });

  it('for a changed token is explained by the change, as its kid is right', async () => {
    const token = `${signed.token.slice(0, -1)}A`;
    expect((await inspected(token, [SECRET])).why).toBe(
      'its signature does not fit: it was changed or cut after it was made',
    );
  });
});
