import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { flask, starlette } from '../../lib/interop/index.js';
import { deriveKey, TimestampSigner } from '../../lib/interop/python/itsdangerous.js';
import { formatFor, NOW, open, SECRET, write } from './support/formats.js';
import { findPeer, Peer } from './support/peer.js';

const DAY = 86_400;
const FORMATS = [
  ['starlette', starlette, 14 * DAY],
  ['flask', flask, 31 * DAY],
] as const;

describe.each(FORMATS)('The time of a cookie of %s', (name, create, standard) => {
  const cookie = write(formatFor(name), { user: 'ada' });
  const found = findPeer(name);
  const suite = 'command' in found ? it : it.skip;
  suite(
    'missing' in found ? `is the library's to the second: skipped, ${found.missing}` : "is the library's to the second",
    async () => {
      const peer = new Peer('command' in found ? found.command : ['false'], name, SECRET);
      const format = create({ secretKey: SECRET });
      for (const age of [0, 1, standard - 1, standard, standard + 1, standard + DAY]) {
        const { data } = await peer.ask({ read: cookie[0], now: NOW + age });
        expect({ age, ok: data === '{"user": "ada"}' }).toEqual({ age, ok: open(format, cookie, NOW + age).ok });
      }
      peer.stop();
    },
  );
});

describe('TimestampSigner', () => {
  // As `TimestampSigner('secret').derive_key().hex()` prints, and with salt="s", key_derivation="hmac".
  it('derives the keys that itsdangerous derives', () => {
    const secret = Buffer.from('secret');
    expect(deriveKey(secret, 'itsdangerous.Signer', 'django-concat').export().toString('hex')).toBe(
      '3a1c28f7aad5a02fe672d24f1003fb52a7312ed7',
    );
    expect(deriveKey(secret, 's', 'hmac').export().toString('hex')).toBe('78b690ee3625258002792c33ee6500c5f1b29ad9');
  });

  const signer = new TimestampSigner(createSecretKey(Buffer.from('key')));
  const times = { now: NOW, maxAge: 60 };

  it('takes any payload, dots included, and returns it with the time', () => {
    for (const payload of ['a', '.', 'a.b.c', '.a']) {
      expect(signer.unsign(signer.sign(payload, NOW), times)).toEqual({ ok: true, payload, issuedAt: NOW });
    }
  });

  it('takes no value without a payload, a time or a signature', () => {
    const [, time, signature] = signer.sign('', NOW).split('.');
    for (const value of ['', 'a', 'a.b', '.', '..', `.${time}.${signature}`, `${time}.${signature}`]) {
      expect(signer.unsign(value, times)).toEqual({ ok: false, reason: 'malformed' });
    }
  });

  it.each(['', 'AAAAAAAAAA', 'aVW5AB', 'aVW5AA==', 'a+W5AA'])(
    'takes no time that is none or spelled otherwise: %p',
    (time) => {
      const signed = `a.${time}`;
      const value = `${signed}.${createHmac('sha1', 'key').update(signed).digest('base64url')}`;
      expect(signer.unsign(value, times)).toEqual({ ok: false, reason: 'malformed' });
    },
  );
});
