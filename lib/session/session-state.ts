import { newSessionId } from '../codec/claims.js';
import type { Lifetime } from '../codec/lifetime.js';
import type { SessionClaims } from '../codec/session-codec.js';
import type { DataFormat } from '../data/data-format.js';
import { TrackedData } from '../data/tracked-data.js';
import type { TransportedSession } from '../transport/session-transport.js';
import type { ChangedSession } from './cookie-action.js';
import { CSRF, GivenToken, replaceSecret } from './csrf-token.js';

/** The session that the request brought. */
export interface SessionOrigin {
  /** Whether the request has a cookie of ours, valid or not. */
  readonly hadCookie: boolean;
  /** The session of the valid cookie, if there was one. */
  readonly session: TransportedSession | undefined;
  /** The session as it was before, where the request has saved it and loads it again. */
  readonly before?: SessionState | undefined;
}

/**
 * One session between load and save: its origin, what it is now, and what has happened in between.
 * Knows neither HTTP nor a clock: `now` is a NumericDate in whole seconds.
 */
export class SessionState implements ChangedSession {
  readonly data: TrackedData;
  /** The session's own lifetime in seconds, where it has one. */
  ttl: number | undefined;
  /** The session's own absoluteMaxAge in seconds, where it has one. */
  abs: number | undefined;
  readonly #origin: SessionOrigin;
  readonly #loadedAt: number;
  #id: string | undefined;
  #createdAt: number;
  #hasKept = false;
  #keptKeys: readonly string[] | undefined;
  #isTouched = false;
  #wasDestroyed = false;
  #isRolledBack = false;
  #given: GivenToken | undefined;
  /** The claims of the cookie that has left with the headers. */
  #sent: SessionClaims | undefined;

  constructor(origin: SessionOrigin, format: DataFormat, now: number) {
    this.data = new TrackedData(origin.session?.data, format, origin.session?.isShared);
    this.#origin = origin;
    this.#loadedAt = now;
    this.#id = origin.session?.claims.jti;
    this.#createdAt = origin.session?.claims.iat ?? now;
    this.ttl = origin.session?.claims.ttl;
    this.abs = origin.session?.claims.abs;
  }

  // What came

  /** Whether the request brought no session. */
  get isNew(): boolean {
    const { session, before } = this.#origin;
    return session === undefined || (before !== undefined && before.broughtId === undefined);
  }

  get hadCookie(): boolean {
    return this.#origin.hadCookie;
  }

  get originClaims(): SessionClaims | undefined {
    return this.#origin.session?.claims;
  }

  /** The id of the session that it was loaded from. */
  get originId(): string | undefined {
    return this.originClaims?.jti;
  }

  /** The id of the session that the request brought, which may have saved and loaded another one since. */
  get broughtId(): string | undefined {
    const { before } = this.#origin;
    return before === undefined ? this.originId : before.broughtId;
  }

  /** Whether the cookie that came has no data, because a store has it. */
  get isPointer(): boolean {
    return this.#origin.session?.isPointer === true;
  }

  get isStale(): boolean {
    return this.#origin.session?.stale === true;
  }

  // What it is now

  /** Made when it is first needed: most new sessions are never written. */
  get id(): string {
    return (this.#id ??= newSessionId());
  }

  get createdAt(): number {
    return this.#createdAt;
  }

  get isModified(): boolean {
    return this.isReplaced || this.data.isModified;
  }

  get isReplaced(): boolean {
    const claims = this.originClaims;
    return claims !== undefined && (this.#id !== claims.jti || this.ttl !== claims.ttl || this.abs !== claims.abs);
  }

  get isTouched(): boolean {
    return this.#isTouched;
  }

  get isRolledBack(): boolean {
    return this.#isRolledBack;
  }

  get wasDestroyed(): boolean {
    return this.#wasDestroyed;
  }

  /** Whether the session was destroyed and nothing has been set since. */
  get isDestroyed(): boolean {
    return this.#wasDestroyed && Object.keys(this.data.values).length === 0;
  }

  /** Whether a session of this request was destroyed, whatever began after it. */
  get hasEnded(): boolean {
    return this.#wasDestroyed || this.#origin.before?.hasEnded === true;
  }

  /** Whether it goes on, under another id, with values of the session that came. */
  get hasKept(): boolean {
    return this.#hasKept;
  }

  /** The keys that go on in it from the session that came; `undefined`: all of them. */
  get keptKeys(): readonly string[] | undefined {
    return this.#keptKeys;
  }

  /** The CSRF token that the request has given to its page. */
  get givenToken(): GivenToken {
    return (this.#given ??= this.#origin.before?.givenToken ?? new GivenToken());
  }

  // What happens to it

  /** Asks for a fresh cookie even if nothing changed. */
  touch(): void {
    this.#isTouched = true;
  }

  /**
   * Replaces this session by a new one, with the values of `keep`, but never with the CSRF secret.
   *
   * @param restart whether `absoluteMaxAge` counts anew; by default it does not where values are kept: they are as old as
   * they were
   */
  renew(keep: readonly string[] = [], restart?: boolean): void {
    // An attacker who has planted the session knows its CSRF secret.
    const kept = keep.filter((key) => key !== CSRF);
    this.data.clear(kept);
    this.#keptKeys = kept.filter((key) => this.#keptKeys?.includes(key) !== false);
    this.#id = newSessionId();
    this.#hasKept = Object.keys(this.data.values).length > 0;
    if (restart ?? !this.#hasKept) this.#createdAt = this.#loadedAt;
    this.ttl = this.abs = this.#given = undefined;
    this.#wasDestroyed = false;
  }

  /**
   * Gives the session a fresh id and another CSRF secret, and leaves the rest as it is.
   *
   * @param goesOn whether the session that came goes on in it, so that it must not outlive the end of that one
   */
  rename(goesOn: boolean): void {
    this.#id = newSessionId();
    this.#hasKept ||= goesOn;
    replaceSecret(this.data, this.givenToken);
  }

  destroy(): void {
    this.renew();
    this.#wasDestroyed = true;
  }

  rollback(): void {
    const claims = this.originClaims;
    this.data.rollback();
    this.#id = claims?.jti ?? this.#id;
    this.#createdAt = claims?.iat ?? this.#loadedAt;
    this.ttl = claims?.ttl;
    this.abs = claims?.abs;
    this.#hasKept = this.#isTouched = this.#wasDestroyed = false;
    this.#keptKeys = this.#given = undefined;
    this.#isRolledBack = true;
  }

  // What leaves

  /** Told when the headers leave. @param claims of the cookie that they take along; for the data there is `data.markSent()` */
  markSent(claims: SessionClaims | undefined): void {
    this.#sent = claims;
  }

  /** Whether the session is the one in the request's cookie, and no other one was sent. */
  get isAsItCame(): boolean {
    return this.#sent === undefined && this.#origin.session !== undefined;
  }

  /** Whether the session has no time left: the one that was sent, or else that of the cookie, or else the new one. */
  isExpired(lifetime: Lifetime, now: number): boolean {
    const claims = this.#sent ?? this.originClaims;
    if (claims !== undefined) return lifetime.reject(claims, now) !== undefined;
    return now >= lifetime.expiry({ iat: this.#createdAt, ttl: this.ttl, abs: this.abs }, this.#loadedAt);
  }
}
