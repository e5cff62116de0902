import { decodeBase64url, encodeBase64url } from '../../crypto/base64.js';
import { isSignature, secretKeyOf, sign } from '../../crypto/hmac.js';
import { rejected } from '../../codec/session-codec.js';
import type { SessionRecord } from '../../data/session-data.js';
import { forbiddenKey, type ForeignFormat } from '../foreign-format.js';
import { parseSession } from '../foreign-json.js';
import { CheckedOptions, FOREIGN_RULES, type ForeignSecret, type TimelessOptions } from '../foreign-options.js';
import { dateIn, lockingKey, rejectClaims } from './pyjwt-claims.js';

/** Options of {@link asgiSessionsJwt}. */
export interface AsgiSessionsJwtOptions extends TimelessOptions {
  /** `secret_key` of the Python middleware. */
  readonly secretKey: ForeignSecret;
}

/**
 * The two headers that PyJWT 2 writes, as segments: newer versions sort the keys, older ones do not. Compared and never
 * parsed, so `alg` cannot be confused (RFC 8725 §3.1).
 */
const HEADER = encodeBase64url(Buffer.from('{"alg":"HS256","typ":"JWT"}'));
const HEADERS = new Set([HEADER, encodeBase64url(Buffer.from('{"typ":"JWT","alg":"HS256"}'))]);

/**
 * The cookie of the Python package asgi-sessions with `session_type="jwt"`: a JWT whose claims are the session's keys.
 *
 * The format has no expiry of its own: its cookies are accepted until `acceptUntil`.
 *
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN`, `ERR_SESSION_OPTION_INVALID`, `ERR_SESSION_SECRET_MISSING` or
 * `ERR_SESSION_SECRET_TOO_SHORT`
 * @example
 * asgiSessionsJwt({ secretKey: process.env.SESSION_SECRET, acceptUntil: new Date('2027-01-01') })
 */
export function asgiSessionsJwt(options: AsgiSessionsJwtOptions): ForeignFormat {
  const checked = new CheckedOptions('asgiSessionsJwt', options, { secretKey: FOREIGN_RULES.secretKey });
  const key = secretKeyOf(checked.secret('secretKey', checked.values.secretKey));
  const acceptUntil = checked.neededAcceptUntil;

  return Object.freeze<ForeignFormat>({
    format: 'asgi-sessions jwt',
    pure: true,
    cookieName: checked.values.cookieName,
    isTimeless: true,
    acceptUntil,
    open([value], { now }) {
      const [header = '', payload = '', signature = '', ...rest] = value.split('.', 4);
      if (!HEADERS.has(header) || payload === '' || rest.length > 0) return rejected('malformed');
      if (!isSignature(signature, key, `${header}.${payload}`)) return rejected('tampered');
      const json = decodeBase64url(payload);
      const data = json && parseSession(json, 'python');
      if (data === undefined) return rejected('malformed');
      const refused = rejectClaims(data, now);
      return refused ?? { ok: true, data, issuedAt: dateIn(data, 'iat'), expiresAt: dateIn(data, 'exp') };
    },
    write(text, { now }) {
      const locking = lockingKey(JSON.parse(text) as SessionRecord, now);
      if (locking !== undefined) throw forbiddenKey('asgi-sessions', ...locking);
      const signed = `${HEADER}.${encodeBase64url(Buffer.from(text, 'utf8'))}`;
      return [`${signed}.${sign(key, signed)}`];
    },
  });
}
