import { createSecretKey, type webcrypto } from 'node:crypto';
import secureSession from '@fastify/secure-session';
import { createSigner, createVerifier } from 'fast-jwt';
import { fastify } from 'fastify';
import { sealData, unsealData } from 'iron-session';
import { CompactEncrypt, compactDecrypt, jwtVerify, SignJWT } from 'jose';
import jwt from 'jsonwebtoken';
import Keygrip from 'keygrip';
import { type Contender, MAX_AGE, SECRET } from './contender.js';

const TEXT = SECRET.toString('latin1');
/** Given bytes, jsonwebtoken would make a key of them each time. */
const KEY = createSecretKey(SECRET);

/** cookie-session: base64 of JSON in one cookie, Keygrip's HMAC-SHA1 over `name=value` in another. No times. */
function keygrip(): Contender {
  const keys = new Keygrip([TEXT]);
  return {
    name: 'keygrip, as cookie-session has it',
    mode: 'signed',
    encode(session) {
      const value = Buffer.from(JSON.stringify(session)).toString('base64');
      return `${value}; ${keys.sign(`session=${value}`)}`;
    },
    decode(token) {
      const [value = '', signature = ''] = token.split('; ');
      if (!keys.verify(`session=${value}`, signature)) throw new Error('tampered');
      return JSON.parse(Buffer.from(value, 'base64').toString('utf8'));
    },
  };
}

/** Given bytes or a KeyObject, jose would import them each time; a CryptoKey it takes as it is. */
async function joseKey(algorithm: webcrypto.HmacImportParams | 'AES-GCM', usages: webcrypto.KeyUsage[]) {
  return crypto.subtle.importKey('raw', SECRET, algorithm, false, usages);
}

async function joseSigned(): Promise<Contender> {
  const key = await joseKey({ name: 'HMAC', hash: 'SHA-256' }, ['sign', 'verify']);
  return {
    name: 'jose (JWS)',
    mode: 'signed',
    encode: (data) =>
      new SignJWT({ data }).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().setExpirationTime('14d').sign(key),
    decode: async (token) => (await jwtVerify(token, key, { algorithms: ['HS256'] })).payload.data,
  };
}

async function joseEncrypted(): Promise<Contender> {
  const key = await joseKey('AES-GCM', ['encrypt', 'decrypt']);
  return {
    name: 'jose (JWE)',
    mode: 'encrypted',
    encode: (data) =>
      new CompactEncrypt(Buffer.from(JSON.stringify(data)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(key),
    decode: async (token) => JSON.parse(Buffer.from((await compactDecrypt(token, key)).plaintext).toString()),
  };
}

function fastJwt(): Contender {
  const sign = createSigner({ key: SECRET, algorithm: 'HS256', expiresIn: MAX_AGE * 1000 });
  // Its cache would return the token that was decoded before: the same cookie again, and nobody verifies.
  const verify = createVerifier({ key: SECRET, algorithms: ['HS256'], cache: false });
  return {
    name: 'fast-jwt',
    mode: 'signed',
    encode: (data) => sign({ data }),
    decode: (token) => (verify(token) as { data: unknown }).data,
  };
}

function jsonwebtoken(): Contender {
  return {
    name: 'jsonwebtoken',
    mode: 'signed',
    encode: (data) => jwt.sign({ data }, KEY, { algorithm: 'HS256', expiresIn: MAX_AGE }),
    decode: (token) => (jwt.verify(token, KEY, { algorithms: ['HS256'] }) as { data: unknown }).data,
  };
}

function ironSession(): Contender {
  return {
    name: 'iron-session',
    mode: 'encrypted',
    encode: (data) => sealData(data, { password: TEXT, ttl: MAX_AGE }),
    decode: (token) => unsealData(token, { password: TEXT, ttl: MAX_AGE }),
  };
}

/** libsodium's secretbox, by the functions that the plugin hangs on the application. */
async function fastifySecureSession(): Promise<Contender> {
  const app = fastify();
  await app.register(secureSession, { key: SECRET, expiry: MAX_AGE });
  await app.ready();
  return {
    name: '@fastify/secure-session',
    mode: 'encrypted',
    encode: (data) => app.encodeSecureSession(app.createSecureSession({ ...data })),
    decode: (token) => app.decodeSecureSession(token)?.data(),
  };
}

/** The libraries that do in a cookie what this package does, ready to be measured. */
export async function peers(): Promise<Contender[]> {
  return [
    keygrip(),
    fastJwt(),
    jsonwebtoken(),
    await joseSigned(),
    await joseEncrypted(),
    await fastifySecureSession(),
    ironSession(),
  ];
}
