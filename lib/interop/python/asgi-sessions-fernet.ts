import { quote } from '../../data/quote.js';
import { rejected } from '../../codec/session-codec.js';
import { useAndWipe } from '../../crypto/own-bytes.js';
import { SessionError } from '../../session.errors.js';
import { Fernet } from './fernet.js';
import type { ForeignFormat } from '../foreign-format.js';
import { parseSession } from '../foreign-json.js';
import { CheckedOptions, FOREIGN_RULES, type ForeignOptions, type ForeignSecret } from '../foreign-options.js';

/** Options of {@link asgiSessionsFernet}. */
export interface AsgiSessionsFernetOptions extends ForeignOptions {
  /** `secret_key` of the Python middleware, at most 32 ASCII characters. */
  readonly secretKey: ForeignSecret;
  /** Maximum age of a cookie in seconds. asgi-sessions has no such limit. @default none */
  readonly maxAge?: number;
}

const KEY_LENGTH = 32;

/** With the flag `u`, a complete surrogate pair is one code point and does not match. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The cookie of the Python package asgi-sessions with `session_type="fernet"`: JSON in a Fernet token, encrypted.
 *
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN`, `ERR_SESSION_OPTION_INVALID`, `ERR_SESSION_SECRET_MISSING` or
 * `ERR_SESSION_SECRET_TOO_SHORT`
 * @example
 * asgiSessionsFernet({ secretKey: process.env.SESSION_SECRET })
 */
export function asgiSessionsFernet(options: AsgiSessionsFernetOptions): ForeignFormat {
  const { secretKey, maxAge: maxAgeRule } = FOREIGN_RULES;
  const checked = new CheckedOptions('asgiSessionsFernet', options, { secretKey, maxAge: maxAgeRule });
  const { cookieName, maxAge } = checked.values;
  const fernet = useAndWipe(keyOf(checked), (key) => new Fernet(key));

  return Object.freeze<ForeignFormat>({
    format: 'asgi-sessions fernet',
    pure: true,
    cookieName,
    acceptUntil: checked.acceptUntil,
    maxAge,
    open([value], { now }) {
      const opened = fernet.open(value, { now, ttl: maxAge });
      if (!opened.ok) return opened;
      const data = parseSession(opened.message, 'python');
      if (data === undefined) return rejected('malformed');
      const { issuedAt } = opened;
      // Still valid at exactly maxAge: `expiresAt` is the first invalid second.
      return { ok: true, data, issuedAt, expiresAt: maxAge === undefined ? undefined : issuedAt + maxAge + 1 };
    },
    write(text, { now }) {
      assertWellFormed(text);
      return [fernet.seal(Buffer.from(text, 'utf8'), now)];
    },
  });
}

/**
 * Pads the secret with "=" to 32 bytes, as `SessionFernet.__init__` of asgi_sessions/__init__.py does. No cookie exists
 * for a longer secret: that code cuts it, but then appends 32 "=" (`32 - len(secret) % 32`), and Fernet refuses a key
 * of 64 bytes. The same goes for characters beyond ASCII, which take several bytes.
 */
function keyOf(checked: CheckedOptions<AsgiSessionsFernetOptions>): Buffer {
  const secret = checked.secret('secretKey', checked.values.secretKey);
  const isAscii = secret.every((byte) => byte < 0x80);
  if (isAscii && secret.length <= KEY_LENGTH) {
    return useAndWipe(secret, (bytes) => Buffer.alloc(KEY_LENGTH, '=').fill(bytes, 0, bytes.length));
  }
  throw checked.error(
    'secretKey',
    `asgi-sessions itself fails with ${isAscii ? 'more than 32 characters' : 'characters beyond ASCII'}`,
    'Give the secret_key that asgi-sessions runs with, which is at most 32 ASCII characters.',
  );
}

/**
 * Refuses lone surrogates: JSON can escape them, but Python cannot encode them as UTF-8 (orjson does not even read
 * them), and asgi-sessions answers 500 until the cookie is gone.
 */
function assertWellFormed(text: string): void {
  // Of the surrogates, JSON.stringify escapes lone ones only (ECMA-262 §25.5.2.3).
  if (!text.includes('\\ud')) return;
  let badKey: string | undefined;
  JSON.parse(text, (key, value: unknown) => {
    if (LONE_SURROGATE.test(key) || (typeof value === 'string' && LONE_SURROGATE.test(value))) badKey ??= key;
    return value;
  });
  if (badKey === undefined) return;
  throw new SessionError(
    'ERR_SESSION_NOT_SERIALIZABLE',
    `Cannot write the session for asgi-sessions: the text at ${quote(badKey)} has half a surrogate pair, ` +
      'which Python cannot encode. Store well-formed text, for example by toWellFormed().',
  );
}
