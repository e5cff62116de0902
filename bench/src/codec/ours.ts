import { JSON_FORMAT } from '../../../dist/codec/data-format.js';
import { EncryptedCodec } from '../../../dist/codec/encrypted.codec.js';
import { KeyRing, type Secrets } from '../../../dist/codec/key-ring.js';
import { newSessionId } from '../../../dist/codec/session-id.js';
import type { SessionCodec } from '../../../dist/codec/session-codec.js';
import { SignedCodec } from '../../../dist/codec/signed.codec.js';
import { type Contender, MAX_AGE, SECRET } from './contender.js';

/** Ours, as a response with a changed session uses it: checked, written as JSON, sealed; and back. */
function contender(name: string, mode: Contender['mode'], codec: SessionCodec): Contender {
  const jti = newSessionId();
  return {
    name,
    mode,
    encode(session) {
      const now = Math.floor(Date.now() / 1000);
      return codec.seal({ jti, iat: now, exp: now + MAX_AGE }, JSON_FORMAT.write(session));
    },
    decode(token) {
      const opened = codec.unseal(token);
      if (!opened.ok) throw new Error(opened.reason);
      return JSON_FORMAT.accept(opened.data);
    },
  };
}

const secrets: Secrets = [SECRET];

export const signed = contender('nestjs-sessions', 'signed', new SignedCodec(new KeyRing(secrets, 'HS256', 'session')));

export const encrypted = contender(
  'nestjs-sessions',
  'encrypted',
  new EncryptedCodec(new KeyRing(secrets, 'A256GCM', 'session')),
);
