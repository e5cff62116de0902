import { createHmac } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { base64url, jws } from '../../support/compact.js';
import { Fernet } from '../../../lib/interop/python/fernet.js';
import { deriveKey, TimestampSigner } from '../../../lib/interop/python/itsdangerous.js';
import { type FormatName, NOW, SECRET, type Values } from './formats.js';

const key = Buffer.from(SECRET);
const forFlask = new TimestampSigner(deriveKey(key, 'cookie-session', 'hmac'));

/** An authentic cookie with any payload. @param now when it is signed: a NumericDate */
export const FORGE: Record<FormatName, (payload: string | Buffer, now?: number) => Values> = {
  starlette(payload, now = NOW) {
    const signer = new TimestampSigner(deriveKey(key, 'itsdangerous.Signer', 'django-concat'));
    return [signer.sign(Buffer.from(payload).toString('base64'), now)];
  },
  flask: (payload, now = NOW) => [forFlask.sign(base64url(payload), now)],
  'asgi-sessions jwt': (payload) => [jws('{"alg":"HS256","typ":"JWT"}', payload, key)],
  'asgi-sessions fernet': (payload, now = NOW) => [new Fernet(key).seal(Buffer.from(payload), now)],
  'cookie-session'(payload) {
    const value = Buffer.from(payload).toString('base64');
    return [value, createHmac('sha1', key).update(`session=${value}`).digest('base64url')];
  },
};

/** An authentic cookie of Flask with a payload in whatever spelling. */
export const forgeFlask = (payload: string): Values => [forFlask.sign(payload, NOW)];

export const compressed = (payload: string | Buffer): string => `.${base64url(deflateSync(payload))}`;
