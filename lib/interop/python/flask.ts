import { deflateSync, inflateSync } from 'node:zlib';
import { decodeBase64url, encodeBase64url } from '../../crypto/base64.js';
import { rejected } from '../../codec/session-codec.js';
import { useAndWipe } from '../../crypto/own-bytes.js';
import { SessionError } from '../../session.errors.js';
import type { ForeignFormat } from '../foreign-format.js';
import { parseSession } from '../foreign-json.js';
import { CheckedOptions, FOREIGN_RULES, type ForeignOptions, type ForeignSecret } from '../foreign-options.js';
import { deriveKey, TimestampSigner } from './itsdangerous.js';
import { tag, untag } from './tagged-json.js';

/** Options of {@link flask}. */
export interface FlaskOptions extends ForeignOptions {
  /** `SECRET_KEY` of the Flask application. */
  readonly secretKey: ForeignSecret;
  /** `PERMANENT_SESSION_LIFETIME` of the Flask application, in seconds. @default 2678400 (31 days), as in Flask */
  readonly maxAge?: number;
}

/** Maximum size of an inflated payload in bytes: 4 kB of zlib can hold 4 MB. */
const MAX_INFLATED = 65_536;

/**
 * The cookie of Flask: tagged JSON, compressed by zlib if that is shorter, with time and HMAC-SHA1.
 *
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN`, `ERR_SESSION_OPTION_INVALID`, `ERR_SESSION_SECRET_MISSING` or
 * `ERR_SESSION_SECRET_TOO_SHORT`
 * @example
 * flask({ secretKey: process.env.FLASK_SECRET, allowShortSecret: true })
 */
export function flask(options: FlaskOptions): ForeignFormat {
  const { secretKey, maxAge: maxAgeRule } = FOREIGN_RULES;
  const checked = new CheckedOptions('flask', options, { secretKey, maxAge: maxAgeRule });
  const { cookieName, maxAge = 31 * 24 * 60 * 60 } = checked.values;
  // flask/sessions.py, SecureCookieSessionInterface: salt, key_derivation, digest_method.
  const secret = checked.secret('secretKey', checked.values.secretKey);
  const signer = new TimestampSigner(useAndWipe(secret, (bytes) => deriveKey(bytes, 'cookie-session', 'hmac')));

  return Object.freeze<ForeignFormat>({
    format: 'flask',
    pure: true,
    cookieName,
    acceptUntil: checked.acceptUntil,
    maxAge,
    open([value], { now }) {
      const signed = signer.unsign(value, { now, maxAge });
      if (!signed.ok) return signed;
      const json = loadPayload(signed.payload);
      if (json === 'too-large') return rejected('too-large');
      const data = json && parseSession(json, 'python', untag);
      if (data === undefined) return rejected('malformed');
      const { issuedAt } = signed;
      // Still valid at exactly maxAge: `expiresAt` is the first invalid second.
      return { ok: true, data, issuedAt, expiresAt: issuedAt + maxAge + 1 };
    },
    write: (text, { now }) => [signer.sign(dumpPayload(JSON.stringify(tag(JSON.parse(text)))), now)],
  });
}

/** `load_payload` of itsdangerous/url_safe.py: a leading dot marks a compressed payload. */
export function loadPayload(payload: string): Buffer | 'too-large' | undefined {
  if (!payload.startsWith('.')) return decodeBase64url(payload);
  const bytes = decodeBase64url(payload.slice(1));
  if (bytes === undefined) return undefined;
  try {
    return inflateSync(bytes, { maxOutputLength: MAX_INFLATED });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : undefined;
  }
}

/** `dump_payload` of itsdangerous/url_safe.py: compressed if that saves more than the dot takes. */
function dumpPayload(text: string): string {
  const json = Buffer.from(text, 'utf8');
  if (json.length > MAX_INFLATED) throw tooLarge(json.length);
  const compressed = deflateSync(json);
  return compressed.length < json.length - 1 ? `.${encodeBase64url(compressed)}` : encodeBase64url(json);
}

/** However well it is compressed, the session could not be read again. */
function tooLarge(size: number): SessionError {
  return new SessionError(
    'ERR_SESSION_TOO_LARGE',
    `Cannot write the session for Flask: it has ${size} bytes of JSON, and ${MAX_INFLATED} are read. Store less, or only ids.`,
  );
}
