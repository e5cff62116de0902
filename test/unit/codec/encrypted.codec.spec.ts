import { describe, expect, it } from '@jest/globals';
import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SessionClaims } from '../../../lib/codec/session-codec.js';
import type { SessionRecord } from '../../../lib/data/session-data.js';
import { decryptByJose, encryptByJose } from '../../support/jose.js';
import { contentKey, deriveKey } from '../../support/keys.js';
import { OTHER_SECRET, SECRET } from '../../support/secrets.js';
import { CLAIMS, describeCodec } from './codec-contract.js';
import { encrypted } from './codec-fixtures.js';

interface Vector {
  readonly description: string;
  readonly secret: string;
  readonly cookieName: string;
  readonly kid: string;
  readonly keyHex: string;
  readonly contentKeyHex: string;
  readonly claims: SessionClaims;
  readonly data: SessionRecord | string;
  readonly header: string;
  readonly payload: string;
  readonly token: string;
}

const file = new URL('../../vectors/encrypted-v1.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };
const codec = encrypted.create([SECRET]);
const { key: ringKey, kid } = deriveKey(SECRET, 'A256GCM');
const segmentsOf = (token: string) => token.split('.') as [string, string, string, string, string];
const headerOf = (token: string) => Buffer.from(segmentsOf(token)[0], 'base64url').toString('utf8');

describeCodec('EncryptedCodec', encrypted);

describe('EncryptedCodec', () => {
  it.each(vectors)('opens the fixed vector: $description', async (vector) => {
    const { key, kid: kidOfVector } = deriveKey(vector.secret, 'A256GCM', vector.cookieName);
    expect(kidOfVector).toBe(vector.kid);
    expect(Buffer.from(key).toString('hex')).toBe(vector.keyHex);
    expect(Buffer.from(contentKey(key, vector.claims.jti)).toString('hex')).toBe(vector.contentKeyHex);
    const own = encrypted.create([vector.secret], vector.cookieName);
    expect(own.unseal(vector.token)).toStrictEqual({
      ok: true,
      claims: { ttl: undefined, ...vector.claims },
      data: vector.data,
      stale: false,
    });
    expect((await decryptByJose(vector.token, key)).payload).toBe(vector.payload);
  });

  it.each(vectors)('seals as the fixed vector is, but for nonce, ciphertext and tag: $description', async (vector) => {
    const own = encrypted.create([vector.secret], vector.cookieName);
    const token = own.seal(vector.claims, JSON.stringify(vector.data));
    expect(headerOf(token)).toBe(vector.header);
    expect(token).toHaveLength(vector.token.length);
    const { payload, header } = await decryptByJose(token, Buffer.from(vector.keyHex, 'hex'));
    expect(payload).toBe(vector.payload);
    expect(JSON.stringify(header)).toBe(vector.header);
  });

  it('writes header, no encrypted key, nonce, ciphertext and tag', () => {
    const [header, encryptedKey, nonce, ciphertext, tag] = segmentsOf(codec.seal(CLAIMS, '{"user":"ada"}'));
    expect(Buffer.from(header, 'base64url').toString('utf8')).toBe(
      `{"alg":"dir","enc":"A256GCM","kid":"${kid}.${CLAIMS.jti}"}`,
    );
    expect(encryptedKey).toBe('');
    expect(Buffer.from(nonce, 'base64url')).toHaveLength(12);
    expect(Buffer.from(ciphertext, 'base64url')).toHaveLength(88);
    expect(Buffer.from(tag, 'base64url')).toHaveLength(16);
  });

  it('uses another nonce each time, and so writes another token', () => {
    const tokens = Array.from({ length: 50 }, () => codec.seal(CLAIMS, '{"user":"ada"}'));
    expect(new Set(tokens.map((token) => segmentsOf(token)[2])).size).toBe(50);
    expect(new Set(tokens.map((token) => segmentsOf(token)[3])).size).toBe(50);
    expect(new Set(tokens.map((token) => segmentsOf(token)[0])).size).toBe(1);
    expect(tokens.map((token) => codec.unseal(token).ok)).not.toContain(false);
  });

  it('shows nothing of the data', () => {
    const token = codec.seal(CLAIMS, `{"user":"${'ada'.repeat(20)}"}`);
    const bytes = segmentsOf(token).map((segment) => Buffer.from(segment, 'base64url').toString('latin1'));
    expect(bytes.join('')).not.toContain('ada');
  });

  it('gives each session a content key of its own', () => {
    const keys = ['a', 'b', 'ab', CLAIMS.jti].map((jti) => Buffer.from(contentKey(ringKey, jti)).toString('hex'));
    expect(new Set(keys).size).toBe(4);
    // The ring's key itself opens nothing.
    const nonce = Buffer.alloc(12);
    const payload = JSON.stringify({ ...CLAIMS, data: {} });
    expect(codec.unseal(seal(ringKey, nonce, payload))).toStrictEqual({ ok: false, reason: 'tampered' });
    expect(codec.unseal(seal(contentKey(ringKey, 'b'), nonce, payload))).toStrictEqual({
      ok: false,
      reason: 'tampered',
    });
    expect(codec.unseal(seal(contentKey(ringKey, CLAIMS.jti), nonce, payload)).ok).toBe(true);
  });

  it("rejects a content key of another secret's under our header", async () => {
    const payload = JSON.stringify({ ...CLAIMS, data: {} });
    const forged = await encryptByJose(payload, OTHER_SECRET, CLAIMS.jti, { kid: `${kid}.${CLAIMS.jti}` });
    expect(headerOf(forged)).toBe(headerOf(codec.seal(CLAIMS, '{}')));
    expect(codec.unseal(forged)).toStrictEqual({ ok: false, reason: 'tampered' });
  });

  it('rejects a payload of another session than the header names', async () => {
    const payload = JSON.stringify({ ...CLAIMS, jti: 'BBECAwQFBgcICQoLDA0ODw', data: {} });
    expect(codec.unseal(await encryptByJose(payload, SECRET, CLAIMS.jti))).toStrictEqual({
      ok: false,
      reason: 'malformed',
    });
  });

  it('finds an authentic payload of no session malformed, for any id in the header', async () => {
    for (const payload of ['{}', 'junk', JSON.stringify({ ...CLAIMS, jti: undefined, data: {} })]) {
      expect(codec.unseal(await encryptByJose(payload, SECRET, CLAIMS.jti))).toStrictEqual({
        ok: false,
        reason: 'malformed',
      });
    }
  });

  it('decodes any bytes of the payload as UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`{"jti":"id","iat":1,"exp":2,"data":{"a":"`),
      Buffer.of(0xff),
      Buffer.from('"}}'),
    ]);
    const result = codec.unseal(await encryptByJose(bytes, SECRET, 'id'));
    expect(result.ok && result.data).toStrictEqual({ a: '\ufffd' });
  });
});

/** A token in our format, made without our code. */
function seal(key: Uint8Array, nonce: Uint8Array, payload: string): string {
  const header = Buffer.from(`{"alg":"dir","enc":"A256GCM","kid":"${kid}.${CLAIMS.jti}"}`).toString('base64url');
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(header));
  const ciphertext = Buffer.concat([cipher.update(payload), cipher.final()]);
  const parts = [nonce, ciphertext, cipher.getAuthTag()].map((part) => Buffer.from(part).toString('base64url'));
  return `${header}..${parts.join('.')}`;
}
