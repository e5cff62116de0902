import type { SessionClaims, SessionRejectReason } from './session-codec.js';

/** How far the clock of another machine may be ahead, in seconds. */
export const CLOCK_SKEW = 60;

/** The longest lifetime in seconds: 100 years, well below where `Date` ends. */
export const LONGEST_LIFETIME = 3_155_760_000;

/** Whether `value` can be a lifetime: whole seconds, at least 1. */
export function isLifetime(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= LONGEST_LIFETIME;
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

/** The claims that the end of a session follows from: its creation, and its own lifetime where it has one. */
export type OwnLifetime = Pick<SessionClaims, 'iat' | 'ttl' | 'abs'>;

/** The rules of time for sessions. The clock is a parameter: `now` is a NumericDate in whole seconds. */
export class Lifetime {
  readonly options: LifetimeOptions;

  constructor({ maxAge, absoluteMaxAge, rolling }: LifetimeOptions) {
    this.options = Object.freeze({ maxAge, absoluteMaxAge, rolling });
  }

  /** When a session ends that is issued now. */
  expiry({ iat, ttl, abs }: OwnLifetime, now: number): number {
    const idle = now + (ttl ?? this.options.maxAge);
    const absolute = abs ?? this.options.absoluteMaxAge;
    return absolute === undefined ? idle : Math.min(idle, Math.floor(iat) + absolute);
  }

  /** The longest time in seconds that a cookie of a session is issued for. */
  maxAge({ ttl, abs }: Omit<OwnLifetime, 'iat'>): number {
    const { maxAge, absoluteMaxAge = Infinity } = this.options;
    return Math.min(ttl ?? maxAge, abs ?? absoluteMaxAge);
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
  #issuedAt(claims: SessionClaims): number {
    return claims.exp - this.maxAge(claims);
  }

  /** Why the session has no time left, or `undefined` if it has. */
  reject({ iat, exp, abs = this.options.absoluteMaxAge }: SessionClaims, now: number): SessionRejectReason | undefined {
    if (now >= exp || (abs !== undefined && now >= iat + abs)) return 'expired';
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
  isExtensionDue(claims: SessionClaims, now: number): boolean {
    const { exp, ttl } = claims;
    const lifetime = ttl ?? this.options.maxAge;
    const issuedAt = exp - lifetime;
    // At its upper bound a session cannot be extended any more.
    return now - issuedAt >= lifetime / 10 && this.expiry(claims, now) > exp;
  }
}
