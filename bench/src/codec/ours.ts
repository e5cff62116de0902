import { JSON_FORMAT } from '../../../dist/codec/data-format.js';
import { EncryptedCodec } from '../../../dist/codec/encrypted.codec.js';
import { KeyRing, type Secrets } from '../../../dist/codec/key-ring.js';
import { newSessionId } from '../../../dist/codec/session-id.js';
import { Lifetime } from '../../../dist/codec/lifetime.js';
import type { SessionCodec } from '../../../dist/codec/session-codec.js';
import { SignedCodec } from '../../../dist/codec/signed.codec.js';
import { type Contender, MAX_AGE, SECRET } from './contender.js';

const lifetime = new Lifetime({ maxAge: MAX_AGE, rolling: true });
const now = () => Math.floor(Date.now() / 1000);

/**
 * Ours, as a response with a changed session uses it: checked, written as JSON, sealed; and as a request does: opened,
 * and looked at whether it is one of now.
 */
function contender(name: string, mode: Contender['mode'], codec: SessionCodec): Contender {
  const jti = newSessionId();
  return {
    name,
    mode,
    encode(session) {
      const issued = now();
      return codec.seal({ jti, iat: issued, exp: issued + MAX_AGE }, JSON_FORMAT.write(session));
    },
    decode(token) {
      const opened = codec.unseal(token);
      const reason = opened.ok ? lifetime.reject(opened.claims, now()) : opened.reason;
      if (!opened.ok || reason !== undefined) throw new Error(reason);
      return JSON_FORMAT.accept(opened.data);
    },
  };
}

const secrets: Secrets = [SECRET];

/** JWS, HS256, of this package. */
export const signed = contender('nestjs-sessions', 'signed', new SignedCodec(new KeyRing(secrets, 'HS256', 'session')));

/** JWE, A256GCM, of this package. */
export const encrypted = contender(
  'nestjs-sessions',
  'encrypted',
  new EncryptedCodec(new KeyRing(secrets, 'A256GCM', 'session')),
);
