import { describe, expect, it } from '@jest/globals';
import { createCipheriv } from 'node:crypto';
import { base64url } from '../../support/compact.js';
import { encryptByJose } from '../../support/jose.js';
import { contentKey, deriveKey } from '../../support/keys.js';
import { SECRET } from '../../support/secrets.js';
import { CLAIMS } from './codec-contract.js';
import { encrypted } from './codec-fixtures.js';

const codec = encrypted.create([SECRET]);
const { key: ringKey, kid } = deriveKey(SECRET, 'A256GCM');
const PAYLOAD = JSON.stringify({ ...CLAIMS, data: { user: 'ada' } });
const HEADER = `{"alg":"dir","enc":"A256GCM","kid":"${kid}.${CLAIMS.jti}"}`;
const token = codec.seal(CLAIMS, '{"user":"ada"}');
const segments = token.split('.');
const [header = '', , nonce = '', ciphertext = '', tag = ''] = segments;
const joined = (...parts: string[]) => parts.join('.');
const MALFORMED = { ok: false, reason: 'malformed' };
const TAMPERED = { ok: false, reason: 'tampered' };
const UNKNOWN_KEY = { ok: false, reason: 'unknown-key' };

interface Forgery {
  readonly header?: string;
  readonly nonceLength?: number;
  readonly tagLength?: number;
  readonly jti?: string;
}

/** A token that is authentic under the session's key, however odd. */
function authentic({ header: text = HEADER, nonceLength = 12, tagLength = 16, jti = CLAIMS.jti }: Forgery): string {
  const first = base64url(text);
  const iv = Buffer.alloc(nonceLength, 7);
  const cipher = createCipheriv('aes-256-gcm', contentKey(ringKey, jti), iv, { authTagLength: tagLength });
  cipher.setAAD(Buffer.from(first));
  const text64 = base64url(Buffer.concat([cipher.update(PAYLOAD), cipher.final()]));
  return joined(first, '', base64url(iv), text64, base64url(cipher.getAuthTag()));
}

/** Every other last character that Node decodes to the same bytes. */
function otherSpellings(segment: string): string[] {
  const bytes = Buffer.from(segment, 'base64url');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return Array.from(alphabet, (last) => segment.slice(0, -1) + last).filter(
    (text) => text !== segment && Buffer.from(text, 'base64url').equals(bytes),
  );
}

describe('EncryptedCodec, given a forged token', () => {
  it('opens a token that is forged exactly as we write it', () => {
    expect(codec.unseal(authentic({}))).toStrictEqual({
      ok: true,
      claims: CLAIMS,
      data: { user: 'ada' },
      stale: false,
    });
  });

  it.each([4, 8, 12, 13, 14, 15])('refuses an authentic tag of %d bytes', (tagLength) => {
    expect(codec.unseal(authentic({ tagLength }))).toStrictEqual(MALFORMED);
    const short = base64url(Buffer.from(tag, 'base64url').subarray(0, tagLength));
    expect(codec.unseal(joined(header, '', nonce, ciphertext, short))).toStrictEqual(MALFORMED);
  });

  it.each([1, 8, 11, 13, 16, 32])('refuses a nonce of %d bytes', (nonceLength) => {
    expect(codec.unseal(authentic({ nonceLength }))).toStrictEqual(MALFORMED);
  });

  it('refuses an empty nonce and an empty or a longer tag', () => {
    expect(codec.unseal(joined(header, '', '', ciphertext, tag))).toStrictEqual(MALFORMED);
    expect(codec.unseal(joined(header, '', nonce, ciphertext, ''))).toStrictEqual(MALFORMED);
    expect(codec.unseal(joined(header, '', nonce, ciphertext, base64url(Buffer.alloc(17))))).toStrictEqual(MALFORMED);
    expect(codec.unseal(joined(header, '', nonce, ciphertext, base64url(Buffer.alloc(16))))).toStrictEqual(TAMPERED);
  });

  it('refuses an empty ciphertext', () => {
    expect(codec.unseal(joined(header, '', nonce, '', tag))).toStrictEqual(TAMPERED);
  });

  it.each(['A', base64url('key'), base64url(Buffer.alloc(32))])('refuses the encrypted key %s', (encryptedKey) => {
    expect(codec.unseal(joined(header, encryptedKey, nonce, ciphertext, tag))).toStrictEqual(MALFORMED);
  });

  it.each([
    ['header', 0],
    ['nonce', 2],
    ['ciphertext', 3],
    ['tag', 4],
  ])('accepts one spelling only of the %s', (_, index) => {
    const segment = segments[index] ?? '';
    const spellings = [
      ...otherSpellings(segment),
      `${segment}=`,
      `${segment}==`,
      `${segment.slice(0, -2)} ${segment.slice(-2)}`,
      `${segment}!`,
      `${segment}é`,
      `${segment}\n`,
    ];
    for (const spelling of spellings) {
      expect(codec.unseal(segments.with(index, spelling).join('.'))).toStrictEqual(MALFORMED);
    }
  });

  it('has spare bits in the segments that this looks at', () => {
    // 88 bytes of header end with one spare group, 16 bytes of tag with another; 12 bytes of nonce with none.
    expect([header, nonce, ciphertext, tag].map((segment) => otherSpellings(segment).length)).toStrictEqual([
      header.length % 4 === 2 ? 15 : header.length % 4 === 3 ? 3 : 0,
      0,
      ciphertext.length % 4 === 2 ? 15 : ciphertext.length % 4 === 3 ? 3 : 0,
      15,
    ]);
  });

  it.each([
    ['alg none', '{"alg":"none"}'],
    ['another alg', HEADER.replace('"dir"', '"A256KW"')],
    ['another enc', HEADER.replace('A256GCM', 'A128GCM')],
    ['members in another order', `{"enc":"A256GCM","alg":"dir","kid":"${kid}.${CLAIMS.jti}"}`],
    ['blanks', HEADER.replaceAll(',', ', ')],
    ['a member in front', HEADER.replace('{', '{"typ":"JWT",')],
    ['no kid', '{"alg":"dir","enc":"A256GCM"}'],
    ['no id', `{"alg":"dir","enc":"A256GCM","kid":"${kid}"}`],
    ['another kid', HEADER.replace(kid, 'AAAAAAAA')],
    ['an escaped kid', HEADER.replace(kid, `\\u00${Buffer.from(kid).toString('hex').slice(0, 2)}${kid.slice(1)}`)],
    ['nothing', ''],
    ['a NUL in front', `\0${HEADER}`],
  ])('does not know the key of a header with %s, authentic or not', (_, text) => {
    expect(codec.unseal(authentic({ header: text }))).toStrictEqual(UNKNOWN_KEY);
    expect(codec.unseal(joined(base64url(text), '', nonce, ciphertext, tag))).toStrictEqual(UNKNOWN_KEY);
  });

  it.each([
    ['a member behind the kid', HEADER.replace('}', ',"typ":"JWT"}')],
    ['a compressed payload', HEADER.replace('}', ',"zip":"DEF"}')],
    ['a second kid', HEADER.replace('}', `,"kid":"${kid}.other"}`)],
    ['a blank at the end', `${HEADER} `],
    ['no end', HEADER.slice(0, -1)],
    ['no end at all', HEADER.slice(0, -2)],
    ['another end', `${HEADER.slice(0, -2)}'}`],
    ['an empty id', `{"alg":"dir","enc":"A256GCM","kid":"${kid}."}`],
    ['an id of 65 characters', HEADER.replace(CLAIMS.jti, 'A'.repeat(65))],
    ['an escaped id', HEADER.replace('.AAEC', '.\\u0041AEC')],
    ['an id with a dot', HEADER.replace('.AAEC', '.A.EC')],
    ['an id beyond ASCII', HEADER.replace('.AAEC', '.ÄEC')],
  ])('finds a header with %s malformed, authentic or not', (_, text) => {
    const jti = text.slice(45, -2);
    for (const id of [CLAIMS.jti, jti]) {
      expect(codec.unseal(authentic({ header: text, jti: id }))).toStrictEqual(MALFORMED);
    }
    expect(codec.unseal(joined(base64url(text), '', nonce, ciphertext, tag))).toStrictEqual(MALFORMED);
  });

  it('rejects the header of another session', () => {
    const other = codec.seal({ ...CLAIMS, jti: 'BBECAwQFBgcICQoLDA0ODw' }, '{"user":"ada"}').split('.');
    expect(codec.unseal(joined(other[0] ?? '', '', nonce, ciphertext, tag))).toStrictEqual(TAMPERED);
  });

  it('rejects nonce, ciphertext or tag of another token of the same session', () => {
    const other = codec.seal(CLAIMS, '{"user":"bob"}').split('.');
    for (const index of [2, 3, 4]) {
      const mixed = segments.with(index, other[index] ?? '').join('.');
      expect(codec.unseal(mixed)).toStrictEqual(TAMPERED);
    }
  });

  it('does not know the key of a header that is cut off or that has a dot in it', () => {
    expect(codec.unseal(joined(header.slice(0, 59), '', nonce, ciphertext, tag))).toStrictEqual(UNKNOWN_KEY);
    expect(codec.unseal(joined(header.slice(0, 60), '', nonce, ciphertext, tag))).toStrictEqual(MALFORMED);
    expect(codec.unseal('....')).toStrictEqual(UNKNOWN_KEY);
    expect(codec.unseal(`${token}.`)).toStrictEqual(MALFORMED);
    expect(codec.unseal('.'.repeat(10_000))).toStrictEqual(MALFORMED);
  });

  it.each(['constructor', '__proto__', 'toString'])('does not know the key of the header segment %s', (segment) => {
    expect(codec.unseal(joined(segment, '', nonce, ciphertext, tag))).toStrictEqual(UNKNOWN_KEY);
  });

  it('opens an authentic token of jose for an id of any length', async () => {
    for (const length of [1, 2, 3, 22, 63, 64]) {
      const jti = 'x'.repeat(length);
      const claims = { ...CLAIMS, jti };
      const forged = await encryptByJose(JSON.stringify({ ...claims, data: {} }), SECRET, jti);
      expect(codec.unseal(forged)).toStrictEqual({ ok: true, claims, data: {}, stale: false });
    }
  });
});
