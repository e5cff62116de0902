// Two ways of turning a session into a token and back: what is written by hand, and this package as it was built.
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { OpenedToken } from '../dist/cjs/codec/session-codec.js';
import { MAX_AGE, SECRET } from './apps/application.js';

/** A way of turning a session into what stands in a cookie, and back. */
export interface Codec {
  encode(data: object): string;
  /** @throws Error for what is not authentic */
  decode(token: string): Readonly<Record<string, unknown>>;
}

const KEY = createSecretKey(Buffer.from(SECRET));
const base64url = (text: string) => Buffer.from(text).toString('base64url');
const JWS_HEADER = base64url('{"alg":"HS256","kid":"00000000"}');

let tokens = 0;

/** Another id each time, so that no two tokens are the same. */
function newClaims() {
  const iat = Math.floor(Date.now() / 1000);
  return { jti: String(tokens++).padStart(22, '0'), iat, exp: iat + MAX_AGE };
}

/** The same bytes as our signed ones: one HMAC, base64 and JSON, with one key and no check but that of authenticity. */
export const handWritten: Codec = {
  encode(data) {
    const input = `${JWS_HEADER}.${base64url(JSON.stringify({ ...newClaims(), data }))}`;
    return `${input}.${createHmac('sha256', KEY).update(input).digest('base64url')}`;
  },
  decode(token) {
    const end = token.lastIndexOf('.');
    const expected = createHmac('sha256', KEY).update(token.slice(0, end)).digest();
    if (!timingSafeEqual(expected, Buffer.from(token.slice(end + 1), 'base64url'))) throw new Error('tampered');
    const claims = Buffer.from(token.slice(token.indexOf('.') + 1, end), 'base64url').toString();
    return (JSON.parse(claims) as { data: Record<string, unknown> }).data;
  },
};

/** The folder `dist/` beside `bench/`; as a URL, because another checkout's is imported in the same way. */
export const DIST = new URL('../../dist/', import.meta.url).href;

const load = async <T>(file: string) => (await import(`${DIST}${file}.js`)) as T;
const { SignedCodec } = await load<typeof import('../dist/cjs/codec/signed.codec.js')>('codec/signed.codec');
const { EncryptedCodec } = await load<typeof import('../dist/cjs/codec/encrypted.codec.js')>('codec/encrypted.codec');
const { VerifiedTokens } = await load<typeof import('../dist/cjs/codec/verified-tokens.js')>('codec/verified-tokens');
const { KeyRing } = await load<typeof import('../dist/cjs/crypto/key-ring.js')>('crypto/key-ring');

/** This package's codec with its memory of verified tokens, which has seen none yet. */
export function newCodec(mode: 'signed' | 'encrypted'): Codec {
  const ring = new KeyRing([Buffer.from(SECRET)], mode === 'signed' ? 'HS256' : 'A256GCM', 'session');
  const codec = mode === 'signed' ? new SignedCodec(ring) : new EncryptedCodec(ring);
  const verified = new VerifiedTokens<OpenedToken>();
  const verify = (token: string): OpenedToken => {
    const opened = codec.unseal(token);
    if (!opened.ok) throw new Error(opened.reason);
    verified.add(token, opened);
    return opened;
  };
  return {
    encode: (data) => codec.seal(newClaims(), JSON.stringify(data)),
    decode: (token) => (verified.get(token) ?? verify(token)).data as Record<string, unknown>,
  };
}
