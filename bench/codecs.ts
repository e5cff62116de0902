// Two ways of turning a session into a token and back: what is written by hand, and this package as it was built.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { MAX_AGE, SECRET } from './apps/application.js';

/** A way of turning a session into what stands in a cookie, and back. */
export interface Codec {
  encode(data: object): string | Promise<string>;
  /** @throws Error for what is not authentic */
  decode(token: string): unknown;
}

const KEY = createSecretKey(Buffer.from(SECRET));
const base64url = (text: string) => Buffer.from(text).toString('base64url');
const dataOf = (claims: string) => (JSON.parse(claims) as { data: unknown }).data;

const JWS_HEADER = base64url('{"alg":"HS256","kid":"00000000"}');

let tokens = 0;

/** Another id each time, so that no two tokens are the same. */
function newClaims() {
  const iat = Math.floor(Date.now() / 1000);
  return { jti: String(tokens++).padStart(22, '0'), iat, exp: iat + MAX_AGE };
}

/** The same bytes as ours by node:crypto, with one key and no check but that of authenticity. */
export const handWritten = {
  signed: {
    encode(data: object) {
      const input = `${JWS_HEADER}.${base64url(JSON.stringify({ ...newClaims(), data }))}`;
      return `${input}.${createHmac('sha256', KEY).update(input).digest('base64url')}`;
    },
    decode(token: string) {
      const end = token.lastIndexOf('.');
      const expected = createHmac('sha256', KEY).update(token.slice(0, end)).digest();
      if (!timingSafeEqual(expected, Buffer.from(token.slice(end + 1), 'base64url'))) throw new Error('tampered');
      return dataOf(Buffer.from(token.slice(token.indexOf('.') + 1, end), 'base64url').toString());
    },
  },
  /** With a content key of its own for each session, as ours. */
  encrypted: {
    encode(data: object) {
      const claims = newClaims();
      const header = base64url(`{"alg":"dir","enc":"A256GCM","kid":"00000000.${claims.jti}"}`);
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', contentKey(claims.jti), nonce, { authTagLength: 16 });
      cipher.setAAD(Buffer.from(header));
      const text = cipher.update(JSON.stringify({ ...claims, data }), 'utf8', 'base64url') + cipher.final('base64url');
      return `${header}..${nonce.toString('base64url')}.${text}.${cipher.getAuthTag().toString('base64url')}`;
    },
    decode(token: string) {
      const [header = '', , nonce = '', text = '', tag = ''] = token.split('.');
      const key = contentKey(Buffer.from(header, 'base64url').toString().slice(-24, -2));
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(header));
      decipher.setAuthTag(Buffer.from(tag, 'base64url'));
      return dataOf(decipher.update(text, 'base64url', 'utf8') + decipher.final('utf8'));
    },
  },
} satisfies Record<string, Codec>;

function contentKey(id: string): Buffer {
  return createHmac('sha256', KEY).update(`nestjs-sessions/v1/content/${id}\u0001`).digest();
}

/** The folder `dist/` beside `bench/`; as a URL, because another checkout's is imported in the same way. */
export const DIST = new URL('../../dist/', import.meta.url).href;

const { SignedCodec } = (await import(
  `${DIST}codec/signed.codec.js`
)) as typeof import('../dist/codec/signed.codec.js');
const { EncryptedCodec } = (await import(
  `${DIST}codec/encrypted.codec.js`
)) as typeof import('../dist/codec/encrypted.codec.js');
const { KeyRing } = (await import(`${DIST}crypto/key-ring.js`)) as typeof import('../dist/crypto/key-ring.js');

/** This package's codec, which has seen no token yet. */
export function newCodec(mode: 'signed' | 'encrypted') {
  const ring = new KeyRing([Buffer.from(SECRET)], mode === 'signed' ? 'HS256' : 'A256GCM', 'session');
  const codec = mode === 'signed' ? new SignedCodec(ring) : new EncryptedCodec(ring);
  return {
    encode: (data: object) => codec.seal(newClaims(), JSON.stringify(data)),
    decode(token: string) {
      const opened = codec.unseal(token);
      if (!opened.ok) throw new Error(opened.reason);
      return opened.data;
    },
  } satisfies Codec;
}
