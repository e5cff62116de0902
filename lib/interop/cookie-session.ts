import { rejected } from '../codec/session-codec.js';
import { oneOf } from '../rules/option-rules.js';
import { decodeBase64, encodeBase64 } from '../crypto/base64.js';
import { isSignature, secretKeyOf, sign } from '../crypto/hmac.js';
import { forbiddenKey, type ForeignFormat } from './foreign-format.js';
import { parseSession } from './foreign-json.js';
import { CheckedOptions, FOREIGN_RULES, type ForeignOptions, type ForeignSecret } from './foreign-options.js';

/** Options of {@link cookieSession}. */
export interface CookieSessionOptions extends ForeignOptions {
  /** `keys` of cookie-session, or its `secret` in a list: the first signs, all of them open. */
  readonly keys: readonly ForeignSecret[];
  /** The algorithm of the `Keygrip` that cookie-session was given. @default 'sha1', as there */
  readonly algorithm?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
}

/** What cookie-session's `Session` has by itself: its constructor leaves out keys that are `in` the new object. */
const OWN_NAMES = new Set(['isChanged', 'isNew', 'isPopulated', '_ctx']);

/**
 * The two cookies of the npm package cookie-session: base64 of JSON, and beside it in `….sig` the HMAC by keygrip.
 *
 * @throws SessionError for options that are not possible
 * @example
 * cookieSession({ keys: [process.env.COOKIE_KEY], allowShortSecret: true })
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

  return Object.freeze<ForeignFormat>({
    format: 'cookie-session',
    pure: true,
    cookieName: checked.values.cookieName,
    companions: Object.freeze(['.sig']),
    open([value, signature], { cookieName }) {
      // An unsigned one, of `signed: false`: anybody may have written it.
      if (signature === undefined) return rejected('malformed');
      const pair = signedPair(cookieName, value);
      if (!keys.some((key) => isSignature(signature, key, pair, algorithm))) return rejected('tampered');
      const json = decodeBase64(value);
      const data = json && parseSession(json, 'json');
      return data === undefined ? rejected('malformed') : { ok: true, data };
    },
    write(text, { cookieName }) {
      const lost = Object.keys(JSON.parse(text) as object).find((key) => OWN_NAMES.has(key) || key in {});
      if (lost !== undefined)
        throw forbiddenKey('cookie-session', lost, 'cookie-session leaves out a key of that name');
      const value = encodeBase64(Buffer.from(text, 'utf8'));
      return [value, sign(newestKey, signedPair(cookieName, value), algorithm)];
    },
  });
}

/** `cookies` signs the pair as it stands in the header (keygrip/index.js). */
function signedPair(cookieName: string, value: string): string {
  return `${cookieName}=${value}`;
}
