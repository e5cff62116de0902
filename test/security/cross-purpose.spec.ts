import { describe, expect, it } from '@jest/globals';
import { EncryptJWT, SignJWT } from 'jose';
import { hkdfSync } from 'node:crypto';
import { jwe, jws } from '../support/compact.js';
import { contentKey } from '../support/keys.js';
import { OTHER_SECRET, SECRET } from '../support/secrets.js';
import type { Named } from './support/confused.js';
import { authentic, ID, keysOf, payloadOf, settingsFor } from './support/modes.js';
import { report } from './support/run.js';

const OTHER_ID = 'BBBBBBBBBBBBBBBBBBBBBB';
const payload = payloadOf();
const raw = Buffer.from(SECRET);
const [mac, aes] = [keysOf('signed'), keysOf('encrypted')];
const macHeader = `{"alg":"HS256","kid":"${mac.kid}"}`;
const aesHeader = (id = ID) => `{"alg":"dir","enc":"A256GCM","kid":"${aes.kid}.${id}"}`;
const info = (text: string, secret = SECRET) => Buffer.from(hkdfSync('sha256', secret, '', text, 32));

/** Keys that one secret gives for other purposes. */
const keys: [title: string, key: Buffer][] = [
  ['the secret itself', raw],
  ['the key that kid is taken from', mac.kidHash],
  ['the key that the other kid is taken from', aes.kidHash],
  ['the content key of this session', contentKey(aes.key, ID)],
  ['the content key of another session', contentKey(aes.key, OTHER_ID)],
  ['a content key out of the HS256 key', contentKey(mac.key, ID)],
  ['a content key out of the secret', contentKey(raw, ID)],
  ['the key of an empty id', contentKey(aes.key, '')],
  ['the key of another cookie name', keysOf('signed', SECRET, 'other').key],
  ['the encryption key of another cookie name', keysOf('encrypted', SECRET, 'other').key],
  ['the content key of another cookie name', contentKey(keysOf('encrypted', SECRET, 'other').key, ID)],
  ['the key of another secret', keysOf('signed', OTHER_SECRET).key],
  ['the content key of another secret', contentKey(keysOf('encrypted', OTHER_SECRET).key, ID)],
  ['the key of no purpose', info('')],
  ['the key of another version', info('nestjs-sessions/v2/HS256/session')],
  ['the key of A256GCM as HS256', info('nestjs-sessions/v1/A256GCM/session')],
  ['the key of HS256', info('nestjs-sessions/v1/HS256/session')],
  ['the key of HS512', info('nestjs-sessions/v1/HS512/session')],
];

async function foreign(): Promise<Named[]> {
  const claims = { jti: ID, data: { user: 'ada' } };
  const jwt = (kid: string) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid }).setIssuedAt().setExpirationTime('1h').sign(raw);
  const encrypted = new EncryptJWT(claims).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: `${aes.kid}.${ID}` });
  return [
    ['a JWT by the same secret', await jwt(mac.kid)],
    ['a JWT by the same secret, of another kid', await jwt('mine')],
    ['an encrypted JWT by the same secret', await encrypted.setIssuedAt().setExpirationTime('1h').encrypt(raw)],
    ['a signed token of another cookie name', authentic('signed', payload, SECRET, 'other')],
    ['an encrypted token of another cookie name', authentic('encrypted', payload, SECRET, 'other')],
    ['a signed token of a name in other case', authentic('signed', payload, SECRET, 'Session')],
    ['a signed token of another secret', authentic('signed', payload, OTHER_SECRET)],
    ['an encrypted token of another secret', authentic('encrypted', payload, OTHER_SECRET)],
    ['an encrypted token of another session under this id', movedTo(ID, authenticOf(OTHER_ID))],
    ['an encrypted token under another id', jwe(aesHeader(OTHER_ID), payload, contentKey(aes.key, OTHER_ID))],
  ];
}

const authenticOf = (id: string) => jwe(aesHeader(id), payloadOf({ jti: id }), contentKey(aes.key, id));
const movedTo = (id: string, token: string) =>
  `${Buffer.from(aesHeader(id)).toString('base64url')}${token.slice(token.indexOf('.'))}`;

describe('One secret used for several things', () => {
  const signed = settingsFor('signed').codec;
  const encrypted = settingsFor('encrypted').codec;
  const both = settingsFor('signed', { accept: ['encrypted'] }).codec;

  it('opens a token that is made for this cookie', () => {
    expect(signed.unseal(authentic('signed', payload)).ok).toBe(true);
    expect(encrypted.unseal(authentic('encrypted', payload)).ok).toBe(true);
    expect(encrypted.unseal(authenticOf(OTHER_ID)).ok).toBe(true);
  });

  it('opens no token that is made for another name, purpose, mode, secret or session', async () => {
    const tokens = [
      ...(await foreign()),
      ...keys.map(([title, key]): Named => [`encrypted with ${title}`, jwe(aesHeader(), payload, key)]),
      ...keys.map(([title, key]): Named => [`signed with ${title}`, jws(macHeader, payload, key)]),
    ].filter(
      ([title]) =>
        title !== 'signed with the key of HS256' && title !== 'encrypted with the content key of this session',
    );
    const accepted = tokens.filter(([, token]) => [signed, encrypted, both].some((codec) => codec.unseal(token).ok));
    report(`${tokens.length} tokens of one secret for other purposes: ${accepted.length} accepted`);
    expect(accepted.map(([title]) => title)).toEqual([]);
    expect(tokens).toHaveLength(44);
  });

  it('opens no token of the other mode, unless that is accepted', () => {
    expect(encrypted.unseal(authentic('signed', payload)).ok).toBe(false);
    expect(signed.unseal(authentic('encrypted', payload)).ok).toBe(false);
    expect(both.unseal(authentic('encrypted', payload))).toMatchObject({ ok: true, stale: true });
    expect(encrypted.unseal(jws(macHeader, payload, aes.key)).ok).toBe(false);
    expect(signed.unseal(jws(`{"alg":"HS256","kid":"${aes.kid}"}`, payload, aes.key)).ok).toBe(false);
    expect(encrypted.unseal(jwe(aesHeader(), payload, contentKey(mac.key, ID))).ok).toBe(false);
  });

  it('has as many keys as purposes', () => {
    expect(new Set(keys.map(([, key]) => key.toString('hex'))).size).toBe(keys.length);
  });
});
