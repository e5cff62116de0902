import { newSessionId } from '../codec/claims.js';
import type { Lifetime, OwnLifetime } from '../codec/lifetime.js';
import type { SessionClaims } from '../codec/session-codec.js';
import type { DataFormat } from '../data/data-format.js';
import { TrackedData } from '../data/tracked-data.js';
import type { TransportedSession } from '../transport/session-transport.js';
import { CSRF, GivenTokens, replaceSecret } from './csrf-token.js';

/** The session that the request brought. */
export interface SessionOrigin {
  /** Whether the request has a cookie of ours, valid or not. */
  readonly hadCookie: boolean;
  /** The session of the valid cookie, if there was one. */
  readonly session: TransportedSession | undefined;
  /** The session as it was before, where the request has saved it and loads it again. */
  readonly before?: SessionState | undefined;
}

/** What to do with the cookie: keep, delete or write; `keep-back` for a renewal that cannot be written. */
export type CookieAction =
  { readonly action: 'keep' } | { readonly action: 'keep-back' } | { readonly action: 'delete' } | WriteCookie;

/** The cookie is to be written. */
export interface WriteCookie {
  readonly action: 'write';
  readonly claims: SessionClaims;
  readonly text: string;
  readonly reason: WriteReason;
}

/**
 * Why a cookie is written: the application has changed or touched the session, or given it a lifetime; or, without being
 * asked, by the option `rolling` or for an older secret or format.
 */
export type WriteReason = 'changed' | 'lifetime' | 'touched' | 'rolling' | 'reissued';

/**
 * One session between load and save: its origin, what it is now, and what follows from the difference.
 * Knows neither HTTP nor a clock: `now` is a NumericDate.
 */
export class SessionState {
  readonly data: TrackedData;
  readonly #origin: SessionOrigin;
  readonly #loadedAt: number;
  #id: string | undefined;
  #createdAt: number;
  #ttl: number | undefined;
  #abs: number | undefined;
  #hasKept = false;
  #keptKeys: readonly string[] | undefined;
  #isTouched = false;
  #isDestroyed = false;
  #isRolledBack = false;
  #given: GivenTokens | undefined;
  /** The claims of the cookie that has left with the headers. */
  #sent: SessionClaims | undefined;

  constructor(origin: SessionOrigin, format: DataFormat, now: number) {
    this.data = new TrackedData(origin.session?.data, format, origin.session?.isShared);
    this.#origin = origin;
    this.#loadedAt = now;
    this.#id = origin.session?.claims.jti;
    this.#createdAt = origin.session?.claims.iat ?? now;
    this.#ttl = origin.session?.claims.ttl;
    this.#abs = origin.session?.claims.abs;
  }

  get isNew(): boolean {
    const { session, before } = this.#origin;
    return session === undefined || (before !== undefined && before.broughtId === undefined);
  }

  /** Made when it is first needed: most new sessions are never written. */
  get id(): string {
    return (this.#id ??= newSessionId());
  }

  /** The claims of the cookie that came, where it was valid. */
  get originClaims(): SessionClaims | undefined {
    return this.#origin.session?.claims;
  }

  /** Whether the cookie that came has no data, because a store has it. */
  get isPointer(): boolean {
    return this.#origin.session?.isPointer === true;
  }

  /** Whether the cookie that came is to be issued anew: signed with an older secret, or in another format. */
  get isStale(): boolean {
    return this.#origin.session?.stale === true;
  }

  get createdAt(): number {
    return this.#createdAt;
  }

  /** The session's own lifetime in seconds, where it has one. */
  get ttl(): number | undefined {
    return this.#ttl;
  }

  set ttl(seconds: number | undefined) {
    this.#ttl = seconds;
  }

  /** The session's own absoluteMaxAge in seconds, where it has one. */
  get abs(): number | undefined {
    return this.#abs;
  }

  set abs(seconds: number | undefined) {
    this.#abs = seconds;
  }

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
    this.#ttl = this.#abs = this.#given = undefined;
    this.#isDestroyed = false;
  }

  /** Gives the session a fresh id and another CSRF secret, and leaves the rest as it is. */
  rename(): void {
    this.#id = newSessionId();
    this.#hasKept = true;
    replaceSecret(this.data, this.givenTokens);
  }

  /** The CSRF tokens that the request has given to its page. */
  get givenTokens(): GivenTokens {
    return (this.#given ??= this.#origin.before?.givenTokens ?? new GivenTokens());
  }

  destroy(): void {
    this.renew();
    this.#isDestroyed = true;
  }

  /** The id of the session that it was loaded from. */
  get originId(): string | undefined {
    return this.#origin.session?.claims.jti;
  }

  /** The id of the session that the request brought, which may have saved and loaded another one since. */
  get broughtId(): string | undefined {
    const { before } = this.#origin;
    return before === undefined ? this.originId : before.broughtId;
  }

  /** Whether it is a new session with values of that one. */
  get hasKept(): boolean {
    return this.#hasKept;
  }

  /** The keys of that session that go on in this one; `undefined`: all of them. */
  get keptKeys(): readonly string[] | undefined {
    return this.#keptKeys;
  }

  /** Whether that session was destroyed, whatever began after it. */
  get hasEnded(): boolean {
    return this.#isDestroyed || this.#origin.before?.hasEnded === true;
  }

  /** Whether the session was destroyed and nothing has been set since. */
  get isDestroyed(): boolean {
    return this.#isDestroyed && Object.keys(this.data.values).length === 0;
  }

  rollback(): void {
    const claims = this.#origin.session?.claims;
    this.data.rollback();
    this.#id = claims?.jti ?? this.#id;
    this.#createdAt = claims?.iat ?? this.#loadedAt;
    this.#ttl = claims?.ttl;
    this.#abs = claims?.abs;
    this.#hasKept = this.#isTouched = this.#isDestroyed = false;
    this.#keptKeys = this.#given = undefined;
    this.#isRolledBack = true;
  }

  /** Whether the session differs from its origin: another session, another lifetime, or other data. */
  get isModified(): boolean {
    return this.#isReplaced || this.data.isModified;
  }

  /** Call it when the headers take a cookie along, with its claims; and for the data, when that is on its way, `data.markSent()`. */
  markSent(claims: SessionClaims | undefined): void {
    this.#sent = claims;
  }

  /** Whether the session is the one in the request's cookie, and no other one was sent. */
  get isAsItCame(): boolean {
    return this.#sent === undefined && this.#origin.session !== undefined;
  }

  /** Whether the session has no time left: the one that was sent, or else that of the cookie, or else the new one. */
  isExpired(lifetime: Lifetime, now: number): boolean {
    const claims = this.#sent ?? this.#origin.session?.claims;
    if (claims !== undefined) return lifetime.reject(claims, now) !== undefined;
    return now >= lifetime.expiry(this.#lifetime, this.#loadedAt);
  }

  /** When the session ends if the response is sent now. */
  expiry(lifetime: Lifetime, now: number): number {
    const claims = this.#origin.session?.claims;
    if (claims === undefined || this.isModified || this.#isTouched) return lifetime.expiry(this.#lifetime, now);
    const isKept = this.#isRolledBack || !lifetime.isRenewalDue(claims, now);
    return isKept ? claims.exp : lifetime.expiry(this.#lifetime, now);
  }

  /** What to do with the cookie. @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` */
  cookieAction(lifetime: Lifetime, now: number): CookieAction {
    const { session, hadCookie } = this.#origin;
    const text = this.#isReplaced || this.#isDestroyed ? this.data.serialize() : this.data.modifiedText();
    if (text !== undefined && this.data.isEmptyText(text)) {
      const isThere = this.#isDestroyed ? hadCookie : session !== undefined;
      return { action: isThere ? 'delete' : 'keep' };
    }
    if (text !== undefined) return this.#write(text, lifetime.expiry(this.#lifetime, now), this.#changeReason);
    if (session === undefined) return { action: 'keep' };
    const fullExpiry = lifetime.expiry(this.#lifetime, now);
    if (this.#isTouched) return this.#write(this.data.serialize(), fullExpiry, 'touched');
    if (this.#isRolledBack) return { action: 'keep' };
    if (lifetime.isRenewalDue(session.claims, now)) return this.#renew(fullExpiry, 'rolling');
    // Signed with an older secret: re-issued for the time that it has left.
    return session.stale ? this.#renew(session.claims.exp, 'reissued') : { action: 'keep' };
  }

  get #changeReason(): WriteReason {
    const isOnlyLifetime = this.#isReplaced && this.#id === this.originId && !this.data.isModified;
    return isOnlyLifetime ? 'lifetime' : 'changed';
  }

  /** Whether it is another session than its origin, or has another lifetime of its own. */
  get #isReplaced(): boolean {
    const claims = this.#origin.session?.claims;
    return claims !== undefined && (this.#id !== claims.jti || this.#ttl !== claims.ttl || this.#abs !== claims.abs);
  }

  get #lifetime(): OwnLifetime {
    return { iat: this.#createdAt, ttl: this.#ttl, abs: this.#abs };
  }

  #renew(exp: number, reason: WriteReason): CookieAction {
    try {
      return this.#write(this.data.serialize(), exp, reason);
    } catch {
      // The result of a schema or a serializer, which cannot be written.
      return { action: 'keep-back' };
    }
  }

  #write(text: string, exp: number, reason: WriteReason): WriteCookie {
    const claims = { jti: this.id, iat: this.#createdAt, exp, ttl: this.#ttl };
    return { action: 'write', claims: this.#abs === undefined ? claims : { ...claims, abs: this.#abs }, text, reason };
  }
}
