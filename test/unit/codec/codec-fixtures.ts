import { compactVerify } from 'jose';
import { EncryptedCodec } from '../../../lib/codec/encrypted.codec.js';
import { KeyRing, type Secrets } from '../../../lib/crypto/key-ring.js';
import { SignedCodec } from '../../../lib/codec/signed.codec.js';
import { decryptByJose, encryptByJose, signByJose } from '../../support/jose.js';
import { deriveKey } from '../../support/keys.js';
import type { CodecFixture } from './codec-contract.js';

export const signed: CodecFixture = {
  segments: 3,
  misspelt: 'tampered',
  create(secrets, cookieName = 'session') {
    return new SignedCodec(new KeyRing(secretBytes(secrets), 'HS256', cookieName));
  },
  forge: (payload, secret) => signByJose(payload, secret),
  async judge(token, secret) {
    const { key, kid } = deriveKey(secret, 'HS256');
    const { payload, protectedHeader } = await compactVerify(token, key, { algorithms: ['HS256'] });
    if (protectedHeader.kid !== kid) throw new Error('The token names another key.');
    return Buffer.from(payload).toString('utf8');
  },
};

export const encrypted: CodecFixture = {
  segments: 5,
  misspelt: 'malformed',
  create(secrets, cookieName = 'session') {
    return new EncryptedCodec(new KeyRing(secretBytes(secrets), 'A256GCM', cookieName));
  },
  forge: (payload, secret) => encryptByJose(payload, secret, idIn(payload)),
  async judge(token, secret) {
    const { key, kid } = deriveKey(secret, 'A256GCM');
    const { payload, header } = await decryptByJose(token, key);
    const expected = { alg: 'dir', enc: 'A256GCM', kid: `${kid}.${idIn(payload)}` };
    if (JSON.stringify(header) !== JSON.stringify(expected)) throw new Error('The header is another one.');
    return payload;
  },
};

function secretBytes([newest, ...older]: readonly [string, ...string[]]): Secrets {
  return [Buffer.from(newest), ...older.map((secret) => Buffer.from(secret))];
}

/** The id in a payload; any other one where the payload has none that can stand in a header. */
function idIn(payload: string): string {
  let jti: unknown;
  try {
    ({ jti } = JSON.parse(payload) as { jti?: unknown });
  } catch {
    // No JSON.
  }
  return typeof jti === 'string' && /^[\w-]{1,64}$/.test(jti) ? jti : 'id';
}
