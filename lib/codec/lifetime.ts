import { SessionError } from '../session.errors.js';
import type { SessionClaims, SessionRejectReason } from './session-codec.js';

/** How far the clock of another machine may be ahead, in seconds. */
export const CLOCK_SKEW = 60;

/** The longest lifetime in seconds: 100 years, well below where `Date` ends. */
export const LONGEST_LIFETIME = 3_155_760_000;

/** Whether `value` can be a lifetime: whole seconds, at least 1. */
export function isLifetime(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= LONGEST_LIFETIME;
}

/** @throws SessionError `ERR_SESSION_MAX_AGE_INVALID` for what cannot be the lifetime of a session */
export function assertMaxAge(seconds: number): void {
  if (isLifetime(seconds)) return;
  throw new SessionError(
    'ERR_SESSION_MAX_AGE_INVALID',
    `Cannot set the maxAge of the session: it is not a whole number of seconds from 1 to ${LONGEST_LIFETIME}. ` +
      'Give seconds, not milliseconds, or undefined for the maxAge of the module.',
  );
}

/** How long sessions live, in seconds. */
export interface LifetimeOptions {
  /** Lifetime since the cookie was last issued. */
  readonly maxAge: number;
  /** Upper bound since the session was created, whatever the activity. */
  readonly absoluteMaxAge?: number | undefined;
  /** Whether reading extends the session too. */
  readonly rolling: boolean;
}

/** The rules of time for sessions. The clock is a parameter: `now` is a NumericDate in whole seconds. */
export class Lifetime {
  readonly options: LifetimeOptions;

  constructor({ maxAge, absoluteMaxAge, rolling }: LifetimeOptions) {
    this.options = Object.freeze({ maxAge, absoluteMaxAge, rolling });
  }

  /** When a session ends that is issued now. */
  expiry(createdAt: number, ttl: number | undefined, now: number): number {
    const idle = now + (ttl ?? this.options.maxAge);
    const { absoluteMaxAge } = this.options;
    return absoluteMaxAge === undefined ? idle : Math.min(idle, Math.floor(createdAt) + absoluteMaxAge);
  }

  /**
   * The claims without time that a cookie issued now would not get either. One with more left was issued when `maxAge` was
   * longer, and the token does not say when: the creation of the session is the only time that is certain.
   */
  bound(claims: SessionClaims, now: number): SessionClaims {
    const lifetime = claims.ttl ?? this.options.maxAge;
    if (claims.exp - now <= lifetime + CLOCK_SKEW) return claims;
    return { ...claims, exp: Math.floor(claims.iat) + lifetime };
  }

  /**
   * Whether `a` was issued before `b`. A log-in makes a new session, and so the later creation decides; of one session's
   * cookies the later issue.
   */
  isOlder(a: SessionClaims, b: SessionClaims): boolean {
    return a.iat === b.iat ? this.#issuedAt(a) < this.#issuedAt(b) : a.iat < b.iat;
  }

  /** A token says when it ends, not when it was issued. */
  #issuedAt({ exp, ttl }: SessionClaims): number {
    const { maxAge, absoluteMaxAge = Infinity } = this.options;
    return exp - Math.min(ttl ?? maxAge, absoluteMaxAge);
  }

  /** Why the session has no time left, or `undefined` if it has. */
  reject({ iat, exp }: SessionClaims, now: number): SessionRejectReason | undefined {
    const { absoluteMaxAge } = this.options;
    if (now >= exp || (absoluteMaxAge !== undefined && now >= iat + absoluteMaxAge)) return 'expired';
    if (iat > now + CLOCK_SKEW) return 'future';
    return undefined;
  }

  /**
   * Whether reading makes a fresh cookie worth sending: see {@link isExtensionDue}.
   */
  isRenewalDue(claims: SessionClaims, now: number): boolean {
    return this.options.rolling && this.isExtensionDue(claims, now);
  }

  /**
   * Whether activity makes a longer life worth writing: once a tenth of the lifetime has passed, so that not every response of
   * a busy client carries a cookie.
   */
  isExtensionDue({ iat, exp, ttl }: SessionClaims, now: number): boolean {
    const lifetime = ttl ?? this.options.maxAge;
    const issuedAt = exp - lifetime;
    // At its upper bound a session cannot be extended any more.
    return now - issuedAt >= lifetime / 10 && this.expiry(iat, ttl, now) > exp;
  }
}
