import type { SessionRecord } from '../data/session-data.js';

/**
 * What a token says besides the data, named as in RFC 7519 §4.1.
 * All times are NumericDates: whole seconds since 1970-01-01T00:00:00Z.
 */
export interface SessionClaims {
  /** The session's id: 128 random bits, base64url. */
  readonly jti: string;
  /** When the session was created. */
  readonly iat: number;
  /** When it ends: from this second on the token is worthless. */
  readonly exp: number;
  /** The session's own lifetime in seconds, where the handler gave it one. */
  readonly ttl?: number | undefined;
  /** The session's own absoluteMaxAge in seconds since `iat`, where the handler gave it one. */
  readonly abs?: number | undefined;
  /** 1: the session is valid as long as a store has a record of it. The data is in that record, or in the token. */
  readonly st?: 1 | undefined;
  /** Beside `st`, for a session that was taken over: the random part of its record's key, base64url. */
  readonly rk?: string | undefined;
}

/** Why a cookie was not accepted as a session. */
export type SessionRejectReason =
  'malformed' | 'too-large' | 'unknown-key' | 'tampered' | 'expired' | 'future' | 'schema' | 'revoked' | 'stored';

/** A token opened. */
export interface OpenedToken {
  readonly ok: true;
  readonly claims: SessionClaims;
  /** The data as it stands in the claims: an object, or the text of a serializer. Empty where a store has it. */
  readonly data: SessionRecord | string;
  /** Whether a store has the data. */
  readonly isPointer?: boolean | undefined;
  /** Sealed with an older secret or in another format: to be issued anew. */
  readonly stale: boolean;
}

/** A token that was not accepted: hostile input is a result, never an exception. */
export interface Rejected {
  readonly ok: false;
  readonly reason: SessionRejectReason;
}

/** What `SessionCodec.unseal` returns. */
export type Unsealed = OpenedToken | Rejected;

/** The bytes in the cookie: turns a session into a token and back. Synchronous, knows no clock and no HTTP. */
export interface SessionCodec {
  /**
   * @param claims id and times
   * @param data the session's data, already serialized as a JSON value; empty where a store has it
   * @returns the token, in characters that a cookie value may hold as they are (RFC 6265 §4.1.1)
   */
  seal(claims: SessionClaims, data: string): string;

  /** The length of the token that `seal` would return, without any cryptography. */
  tokenLength(claims: SessionClaims, data: string): number;

  /**
   * Opens a token of any client: checks authenticity and shape, not the time. Never throws. Rejects text without the shape
   * of a token before any cryptography, because the cookies of a large session may be put together in many ways.
   */
  unseal(token: string): Unsealed;
}

/** A result that says no. */
export function rejected(reason: SessionRejectReason): Rejected {
  return { ok: false, reason };
}
