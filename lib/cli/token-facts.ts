import type { SessionClaims } from '../codec/session-codec.js';
import type { SessionRecord } from '../data/session-data.js';

/** The formats of ours and of `nestjs-sessions/interop`. */
export type TokenKind =
  'signed' | 'encrypted' | 'asgi-sessions jwt' | 'asgi-sessions fernet' | 'cookie-session' | 'flask' | 'starlette';

/** What a token says, verified or not. Times are NumericDates in seconds. */
export interface TokenFacts {
  readonly id?: string | undefined;
  readonly createdAt?: number | undefined;
  readonly issuedAt?: number | undefined;
  readonly expiresAt?: number | undefined;
  /** The lifetime that the session was given, in seconds. */
  readonly ttl?: number | undefined;
  /** What the session holds, or the text that a serializer made of it; `undefined` if it cannot be read. */
  readonly data?: SessionRecord | string | undefined;
}

/** A token of a known format. */
export interface RecognisedToken {
  /** Several where only the secret can tell. */
  readonly kinds: readonly [TokenKind, ...TokenKind[]];
  /** Name of the key, in our own formats. */
  readonly kid?: string | undefined;
  /** What can be read without the secret. */
  readonly facts: TokenFacts;
  /** Whether the token is cut or changed in a way that shows without the secret. */
  readonly isMalformed: boolean;
}

/** What our claims say. */
export function factsOf({ jti, iat, exp, ttl }: SessionClaims, data: SessionRecord | string): TokenFacts {
  return { id: jti, createdAt: iat, expiresAt: exp, ttl, data };
}
