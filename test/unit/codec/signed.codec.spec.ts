import { describe, expect, it } from '@jest/globals';
import { compactVerify } from 'jose';
import { readFileSync } from 'node:fs';
import type { SessionClaims } from '../../../lib/codec/session-codec.js';
import type { SessionRecord } from '../../../lib/data/session-data.js';
import { base64url, jws } from '../../support/compact.js';
import { signByJose } from '../../support/jose.js';
import { deriveKey } from '../../support/keys.js';
import { OTHER_SECRET, SECRET } from '../../support/secrets.js';
import { CLAIMS, describeCodec } from './codec-contract.js';
import { signed } from './codec-fixtures.js';

interface Vector {
  readonly description: string;
  readonly secret: string;
  readonly cookieName: string;
  readonly kid: string;
  readonly keyHex: string;
  readonly claims: SessionClaims;
  readonly data: SessionRecord;
  readonly payload: string;
  readonly token: string;
}

const file = new URL('../../vectors/signed-v1.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };
const codec = signed.create([SECRET]);
const token = codec.seal(CLAIMS, '{"user":"ada"}');
const [header = '', payload = '', signature = ''] = token.split('.');

describeCodec('SignedCodec', signed);

describe('SignedCodec', () => {
  it.each(vectors)('writes and reads the fixed vector: $description', async (vector) => {
    const { key, kid } = deriveKey(vector.secret, 'HS256', vector.cookieName);
    expect(kid).toBe(vector.kid);
    expect(Buffer.from(key).toString('hex')).toBe(vector.keyHex);
    const own = signed.create([vector.secret], vector.cookieName);
    expect(own.seal(vector.claims, JSON.stringify(vector.data))).toBe(vector.token);
    expect(own.unseal(vector.token)).toStrictEqual({
      ok: true,
      claims: { ttl: undefined, ...vector.claims },
      data: vector.data,
      stale: false,
    });
    const verified = await compactVerify(vector.token, Buffer.from(vector.keyHex, 'hex'));
    expect(Buffer.from(verified.payload).toString('utf8')).toBe(vector.payload);
  });

  it('writes exactly the header {"alg":"HS256","kid":…}', () => {
    const { kid } = deriveKey(SECRET, 'HS256');
    expect(Buffer.from(header, 'base64url').toString('utf8')).toBe(`{"alg":"HS256","kid":"${kid}"}`);
  });

  it('makes the same token of the same session', () => {
    expect(codec.seal(CLAIMS, '{"user":"ada"}')).toBe(token);
  });

  it('reads a token that jose made, byte for byte ours', async () => {
    const forged = await signByJose(Buffer.from(payload, 'base64url'), SECRET);
    expect(forged).toBe(token);
  });

  it.each([
    ['alg none', '{"alg":"none"}'],
    ['alg none with our kid', `{"alg":"none","kid":"${deriveKey(SECRET, 'HS256').kid}"}`],
    ['another alg', `{"alg":"HS512","kid":"${deriveKey(SECRET, 'HS256').kid}"}`],
    ['members in another order', `{"kid":"${deriveKey(SECRET, 'HS256').kid}","alg":"HS256"}`],
    ['one member more', `{"alg":"HS256","kid":"${deriveKey(SECRET, 'HS256').kid}","typ":"JWT"}`],
    ['no kid', '{"alg":"HS256"}'],
    ['__proto__ for a header', '{"__proto__":{}}'],
    ['an empty header', ''],
  ])('does not know the key of a header with %s, however it is signed', (_, text) => {
    const input = `${base64url(text)}.${payload}`;
    const own = jws(text, Buffer.from(payload, 'base64url'), deriveKey(SECRET, 'HS256').key);
    for (const forged of [`${input}.`, `${input}.${signature}`, own]) {
      expect(codec.unseal(forged)).toStrictEqual({ ok: false, reason: 'unknown-key' });
    }
  });

  it.each(['constructor', '__proto__', 'toString'])('does not know the key of the header segment %s', (segment) => {
    expect(codec.unseal(`${segment}.${payload}.${signature}`)).toStrictEqual({ ok: false, reason: 'unknown-key' });
  });

  it('rejects a token signed with the secret itself', () => {
    const byHand = jws(Buffer.from(header, 'base64url').toString(), Buffer.from(payload, 'base64url'), SECRET);
    expect(byHand.startsWith(`${header}.${payload}.`)).toBe(true);
    expect(codec.unseal(byHand)).toStrictEqual({ ok: false, reason: 'tampered' });
  });

  it("rejects another key's signature under our header", async () => {
    const { kid } = deriveKey(SECRET, 'HS256');
    const forged = await signByJose(Buffer.from(payload, 'base64url'), OTHER_SECRET, { kid });
    expect(forged.startsWith(`${header}.${payload}.`)).toBe(true);
    expect(codec.unseal(forged)).toStrictEqual({ ok: false, reason: 'tampered' });
  });

  it.each([
    ['empty', ''],
    ['one character short', signature.slice(0, -1)],
    ['one character long', `${signature}A`],
    ['padded', `${signature}=`],
    ['of 43 characters that are more bytes', 'é'.repeat(43)],
    ['of 43 bytes in fewer characters', `${'é'.repeat(21)}A`],
    ['of 43 NULs', '\0'.repeat(43)],
    ['as hex', Buffer.from(signature, 'base64url').toString('hex')],
    ['broken by a foreign character', `${signature.slice(0, 20)}!${signature.slice(20)}`],
  ])('rejects a signature that is %s', (_, last) => {
    expect(codec.unseal(`${header}.${payload}.${last}`)).toStrictEqual({ ok: false, reason: 'tampered' });
  });

  it('accepts one spelling only of the last signature character, which has two spare bits', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const bytes = Buffer.from(signature, 'base64url');
    const spellings = Array.from(alphabet, (last) => signature.slice(0, -1) + last).filter((spelling) =>
      Buffer.from(spelling, 'base64url').equals(bytes),
    );
    expect(spellings).toHaveLength(4);
    const accepted = spellings.filter((spelling) => codec.unseal(`${header}.${payload}.${spelling}`).ok);
    expect(accepted).toStrictEqual([signature]);
  });

  it('rejects another payload under the signature', () => {
    const other = base64url('{"jti":"x","iat":0,"exp":8640000000000,"data":{"admin":true}}');
    expect(codec.unseal(`${header}.${other}.${signature}`)).toStrictEqual({ ok: false, reason: 'tampered' });
    expect(codec.unseal(`${header}..${signature}`)).toStrictEqual({ ok: false, reason: 'tampered' });
    expect(codec.unseal(`${header}.${payload}=.${signature}`)).toStrictEqual({ ok: false, reason: 'tampered' });
  });

  it('finds dots alone malformed or of an unknown key', () => {
    expect(codec.unseal('.')).toStrictEqual({ ok: false, reason: 'malformed' });
    expect(codec.unseal('..')).toStrictEqual({ ok: false, reason: 'unknown-key' });
    expect(codec.unseal('...')).toStrictEqual({ ok: false, reason: 'malformed' });
  });
});
