import { LAST_SECOND } from '../codec/claims.js';
import { Lifetime, LONGEST_LIFETIME } from '../codec/lifetime.js';
import type { SessionRejectReason } from '../codec/session-codec.js';
import { cookieSession, type CookieSessionOptions } from '../interop/cookie-session.js';
import type { ForeignFormat, ForeignSession } from '../interop/foreign-format.js';
import { asgiSessionsFernet } from '../interop/python/asgi-sessions-fernet.js';
import { asgiSessionsJwt } from '../interop/python/asgi-sessions-jwt.js';
import { flask } from '../interop/python/flask.js';
import { starlette } from '../interop/python/starlette.js';
import type { Candidate } from './cookie-input.js';
import type { Judgement, JudgeOptions } from './judgement.js';
import type { TokenKind } from './token-facts.js';

/** Opens a foreign cookie with each secret, in each format that it may have. */
export function openForeign(kinds: readonly TokenKind[], candidate: Candidate, options: JudgeOptions): Judgement {
  const { cookieName, token, companion } = candidate;
  let reason: SessionRejectReason = 'malformed';
  for (const kind of kinds) {
    for (const secretKey of options.secrets) {
      const opened = formatOf(kind, secretKey, candidate, options.maxAge).open([token, companion], {
        cookieName,
        now: options.now,
      });
      if (opened.ok) return judgeTimes(kind, opened, options);
      // The signature fits for all reasons but these two.
      if (reason === 'malformed' || reason === 'tampered') reason = opened.reason;
    }
  }
  return { verdict: 'rejected', reason };
}

/** As the application does it with a format of `accept`. */
function judgeTimes(kind: TokenKind, { data, issuedAt, expiresAt }: ForeignSession, options: JudgeOptions): Judgement {
  const { maxAge = LONGEST_LIFETIME, absoluteMaxAge, now } = options;
  const iat = issuedAt ?? now;
  const exp = Math.min(iat + maxAge, expiresAt ?? Infinity);
  const reason = new Lifetime({ maxAge, absoluteMaxAge, rolling: false }).reject({ jti: '', iat, exp }, now);
  const facts = { data, issuedAt, expiresAt };
  return { verdict: reason === undefined ? 'accepted' : 'rejected', reason, kind, facts };
}

/** Lenient where the application may be: a short secret is enough, and cookies without a time are accepted. */
function formatOf(
  kind: TokenKind,
  secretKey: string,
  { companion }: Candidate,
  maxAge: number | undefined,
): ForeignFormat {
  const common = { secretKey, allowShortSecret: true, ...(maxAge !== undefined && { maxAge }) };
  const timeless = { allowShortSecret: true, acceptUntil: new Date(LAST_SECOND * 1000) };
  switch (kind) {
    case 'starlette':
      return starlette(common);
    case 'flask':
      return flask(common);
    case 'asgi-sessions fernet':
      return asgiSessionsFernet(common);
    case 'asgi-sessions jwt':
      return asgiSessionsJwt({ ...timeless, secretKey });
    default:
      return cookieSession({ ...timeless, keys: [secretKey], algorithm: algorithmOf(companion) });
  }
}

/** By the length of its HMAC in base64url. */
function algorithmOf(signature = ''): NonNullable<CookieSessionOptions['algorithm']> {
  if (signature.length === 43) return 'sha256';
  if (signature.length === 64) return 'sha384';
  return signature.length === 86 ? 'sha512' : 'sha1';
}
