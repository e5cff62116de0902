import { rejected } from '../codec/session-codec.js';
import { oneOf } from '../rules/check-options.js';
import { decodeBase64, encodeBase64 } from '../crypto/base64.js';
import { isSignature, secretKeyOf, sign } from '../crypto/hmac.js';
import { forbiddenKey, type ForeignFormat } from './foreign-format.js';
import { parseSession } from './foreign-json.js';
import { CheckedOptions, FOREIGN_RULES, type ForeignSecret, type TimelessOptions } from './foreign-options.js';

/** Options of {@link cookieSession}. */
export interface CookieSessionOptions extends TimelessOptions {
  /** `keys` of cookie-session, or a list of its `secret`: the first key signs, all of them verify. */
  readonly keys: readonly ForeignSecret[];
  /** HMAC algorithm of cookie-session's `Keygrip`. @default 'sha1', as in cookie-session */
  readonly algorithm?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
}

/** Own members of cookie-session's `Session`: its constructor drops every key that is `in` the new object. */
const OWN_NAMES = new Set(['isChanged', 'isNew', 'isPopulated', '_ctx']);

/**
 * The cookies of the npm package cookie-session: JSON in base64, and in `<name>.sig` its HMAC, made by keygrip.
 *
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN`, `ERR_SESSION_OPTION_INVALID`, `ERR_SESSION_SECRET_MISSING` or
 * `ERR_SESSION_SECRET_TOO_SHORT`
 * @example
 * cookieSession({ keys: [process.env.COOKIE_KEY], allowShortSecret: true, acceptUntil: new Date('2027-01-01') })
 */
export function cookieSession(options: CookieSessionOptions): ForeignFormat {
  const checked = new CheckedOptions('cookieSession', options, {
    keys: FOREIGN_RULES.keys,
    algorithm: oneOf('sha1', 'sha256', 'sha384', 'sha512'),
  });
  const [newest, ...older] = checked.secrets('keys', checked.values.keys);
  const newestKey = secretKeyOf(newest);
  const keys = [newestKey, ...older.map(secretKeyOf)];
  const { algorithm = 'sha1' } = checked.values;
  const acceptUntil = checked.neededAcceptUntil;

  return Object.freeze<ForeignFormat>({
    format: 'cookie-session',
    pure: true,
    cookieName: checked.values.cookieName,
    isTimeless: true,
    acceptUntil,
    companions: Object.freeze(['.sig']),
    open([value, signature], { cookieName }) {
      // Not signed (`signed: false`), so not authentic.
      if (signature === undefined) return rejected('malformed');
      const pair = signedPair(cookieName, value);
      if (!keys.some((key) => isSignature(signature, key, pair, algorithm))) return rejected('tampered');
      const json = decodeBase64(value);
      const data = json && parseSession(json, 'json');
      return data === undefined ? rejected('malformed') : { ok: true, data };
    },
    write(text, { cookieName }) {
      const reserved = Object.keys(JSON.parse(text) as object).find((key) => OWN_NAMES.has(key) || key in {});
      if (reserved !== undefined)
        throw forbiddenKey('cookie-session', reserved, 'cookie-session drops a key of that name');
      const value = encodeBase64(Buffer.from(text, 'utf8'));
      return [value, sign(newestKey, signedPair(cookieName, value), algorithm)];
    },
  });
}

/** `cookies` signs the pair as it stands in the header (keygrip/index.js). */
function signedPair(cookieName: string, value: string): string {
  return `${cookieName}=${value}`;
}
