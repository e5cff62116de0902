import { deflateSync, inflateSync } from 'node:zlib';
import { decodeBase64url, encodeBase64url } from '../../crypto/base64.js';
import { rejected } from '../../codec/session-codec.js';
import { useAndWipe } from '../../crypto/own-bytes.js';
import type { ForeignFormat } from '../foreign-format.js';
import { parseSession } from '../foreign-json.js';
import { CheckedOptions, FOREIGN_RULES, type ForeignOptions, type ForeignSecret } from '../foreign-options.js';
import { deriveKey, TimestampSigner } from './itsdangerous.js';
import { tag, untag } from './tagged-json.js';

/** Options of {@link flask}. */
export interface FlaskOptions extends ForeignOptions {
  /** `SECRET_KEY` of the application. */
  readonly secretKey: ForeignSecret;
  /** `PERMANENT_SESSION_LIFETIME` of the application, in seconds. @default 2678400 (31 days), as there */
  readonly maxAge?: number;
}

/** The most bytes that a payload may have once inflated: 4 kB of zlib hold up to 4 MB. */
const MAX_INFLATED = 65_536;

/**
 * The cookie of Flask: tagged JSON, zlib where that is shorter, time, HMAC-SHA1.
 *
 * @throws SessionError for options that are not possible
 * @example
 * flask({ secretKey: process.env.FLASK_SECRET, allowShortSecret: true })
 */
export function flask(options: FlaskOptions): ForeignFormat {
  const { secretKey, maxAge: rule } = FOREIGN_RULES;
  const checked = new CheckedOptions('flask', options, { secretKey, maxAge: rule });
  const { cookieName, maxAge = 31 * 24 * 60 * 60 } = checked.values;
  // flask/sessions.py, SecureCookieSessionInterface: salt, key_derivation, digest_method.
  const secret = checked.secret('secretKey', checked.values.secretKey);
  const signer = new TimestampSigner(useAndWipe(secret, (bytes) => deriveKey(bytes, 'cookie-session', 'hmac')));

  return Object.freeze<ForeignFormat>({
    format: 'flask',
    pure: true,
    cookieName,
    open([value], { now }) {
      const signed = signer.unsign(value, { now, maxAge });
      if (!signed.ok) return signed;
      const json = loadPayload(signed.payload);
      if (json === 'too-large') return rejected('too-large');
      const data = json && parseSession(json, 'python', untag);
      if (data === undefined) return rejected('malformed');
      const { issuedAt } = signed;
      // At maxAge it is still taken: the next second is the first in which it is worthless.
      return { ok: true, data, issuedAt, expiresAt: issuedAt + maxAge + 1 };
    },
    write: (text, { now }) => [signer.sign(dumpPayload(JSON.stringify(tag(JSON.parse(text)))), now)],
  });
}

/** `load_payload` of itsdangerous/url_safe.py: a payload that starts with a dot is compressed. */
function loadPayload(payload: string): Buffer | 'too-large' | undefined {
  if (!payload.startsWith('.')) return decodeBase64url(payload);
  const bytes = decodeBase64url(payload.slice(1));
  if (bytes === undefined) return undefined;
  try {
    return inflateSync(bytes, { maxOutputLength: MAX_INFLATED });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : undefined;
  }
}

/** `dump_payload` of itsdangerous/url_safe.py: compressed where that is shorter by more than the dot. */
function dumpPayload(text: string): string {
  const json = Buffer.from(text, 'utf8');
  const compressed = deflateSync(json);
  return compressed.length < json.length - 1 ? `.${encodeBase64url(compressed)}` : encodeBase64url(json);
}
