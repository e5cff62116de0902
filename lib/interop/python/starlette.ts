import { rejected } from '../../codec/session-codec.js';
import { decodeBase64, encodeBase64 } from '../../crypto/base64.js';
import { useAndWipe } from '../../crypto/own-bytes.js';
import type { ForeignFormat } from '../foreign-format.js';
import { parseSession } from '../foreign-json.js';
import { CheckedOptions, FOREIGN_RULES, type ForeignOptions, type ForeignSecret } from '../foreign-options.js';
import { deriveKey, TimestampSigner } from './itsdangerous.js';

/** Options of {@link starlette}. */
export interface StarletteOptions extends ForeignOptions {
  /** `secret_key` of the `SessionMiddleware`. */
  readonly secretKey: ForeignSecret;
  /** `max_age` of the `SessionMiddleware`, in seconds. @default 1209600 (14 days), as in Starlette */
  readonly maxAge?: number;
}

/**
 * The cookie of Starlette's `SessionMiddleware`, which FastAPI uses too: JSON in base64, with time and HMAC-SHA1.
 *
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN`, `ERR_SESSION_OPTION_INVALID`, `ERR_SESSION_SECRET_MISSING` or
 * `ERR_SESSION_SECRET_TOO_SHORT`
 * @example
 * starlette({ secretKey: process.env.STARLETTE_SECRET })
 */
export function starlette(options: StarletteOptions): ForeignFormat {
  const { secretKey, maxAge: maxAgeRule } = FOREIGN_RULES;
  const checked = new CheckedOptions('starlette', options, { secretKey, maxAge: maxAgeRule });
  const { cookieName, maxAge = 14 * 24 * 60 * 60 } = checked.values;
  // starlette/middleware/sessions.py: itsdangerous.TimestampSigner(str(secret_key)), so salt and derivation are defaults.
  const secret = checked.secret('secretKey', checked.values.secretKey);
  const signer = new TimestampSigner(
    useAndWipe(secret, (bytes) => deriveKey(bytes, 'itsdangerous.Signer', 'django-concat')),
  );

  return Object.freeze<ForeignFormat>({
    format: 'starlette',
    pure: true,
    cookieName,
    acceptUntil: checked.acceptUntil,
    maxAge,
    open([value], { now }) {
      const signed = signer.unsign(value, { now, maxAge });
      if (!signed.ok) return signed;
      const json = decodeBase64(signed.payload);
      const data = json && parseSession(json, 'python');
      if (data === undefined) return rejected('malformed');
      const { issuedAt } = signed;
      // Still valid at exactly maxAge: `expiresAt` is the first invalid second.
      return { ok: true, data, issuedAt, expiresAt: issuedAt + maxAge + 1 };
    },
    write: (text, { now }) => [signer.sign(encodeBase64(Buffer.from(text, 'utf8')), now)],
  });
}
