import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { type Contender, MAX_AGE, SECRET } from './contender.js';

// What is written by hand with node:crypto: the same bytes as ours, one key, no check but that of authenticity.

const KEY = createSecretKey(SECRET);
const ID = 'AAECAwQFBgcICQoLDA0ODw';
const now = () => Math.floor(Date.now() / 1000);
const claimsOf = (data: unknown) => JSON.stringify({ jti: ID, iat: now(), exp: now() + MAX_AGE, data });
const dataOf = (claims: string) => (JSON.parse(claims) as { data: unknown }).data;

const JWS_HEADER = Buffer.from('{"alg":"HS256","kid":"00000000"}').toString('base64url');
const JWE_HEADER = Buffer.from(`{"alg":"dir","enc":"A256GCM","kid":"00000000.${ID}"}`).toString('base64url');

/** JWS, HS256. */
export const signedFloor: Contender = signedFloorBy('floor: node:crypto', (text) =>
  createHmac('sha256', KEY).update(text).digest(),
);

const [INNER, OUTER] = [0x36, 0x5c].map((pad) =>
  Buffer.alloc(64, SECRET)
    .fill(0, SECRET.length)
    .map((byte) => byte ^ pad),
);

/** The same without an object for each HMAC (RFC 2104). */
export const hashFloor: Contender = signedFloorBy('floor with hash(): node:crypto', (text) => {
  const inner = hash('sha256', Buffer.concat([INNER ?? Buffer.alloc(0), Buffer.from(text)]), 'buffer');
  return hash('sha256', Buffer.concat([OUTER ?? Buffer.alloc(0), inner]), 'buffer');
});

function signedFloorBy(name: string, hmac: (text: string) => Buffer): Contender {
  return {
    name,
    mode: 'signed',
    encode(session) {
      const input = `${JWS_HEADER}.${Buffer.from(claimsOf(session)).toString('base64url')}`;
      return `${input}.${hmac(input).toString('base64url')}`;
    },
    decode(token) {
      const end = token.lastIndexOf('.');
      const signature = Buffer.from(token.slice(end + 1), 'base64url');
      if (!timingSafeEqual(hmac(token.slice(0, end)), signature)) throw new Error('tampered');
      return dataOf(Buffer.from(token.slice(token.indexOf('.') + 1, end), 'base64url').toString());
    },
  };
}

/** JWE, A256GCM, with a content key of its own for each session as in ours. */
export const encryptedFloor: Contender = encryptedFloorBy('floor: node:crypto', () =>
  createHmac('sha256', KEY).update(`nestjs-sessions/v1/content/${ID}\u0001`).digest(),
);

/** The same with one key for all sessions, which nobody may use for more than 2^32 cookies. */
export const oneKeyFloor: Contender = encryptedFloorBy('floor: node:crypto, one key for all sessions', () => KEY);

function encryptedFloorBy(name: string, contentKey: () => Buffer | typeof KEY): Contender {
  return {
    name,
    mode: 'encrypted',
    encode(session) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', contentKey(), nonce, { authTagLength: 16 });
      cipher.setAAD(Buffer.from(JWE_HEADER));
      const text = cipher.update(claimsOf(session), 'utf8', 'base64url') + cipher.final('base64url');
      return `${JWE_HEADER}..${nonce.toString('base64url')}.${text}.${cipher.getAuthTag().toString('base64url')}`;
    },
    decode(token) {
      const [header = '', , nonce = '', text = '', tag = ''] = token.split('.');
      const key = contentKey();
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(header));
      decipher.setAuthTag(Buffer.from(tag, 'base64url'));
      return dataOf(decipher.update(text, 'base64url', 'utf8') + decipher.final('utf8'));
    },
  };
}
