import { newSessionId } from '../codec/claims.js';
import type { Lifetime } from '../codec/lifetime.js';
import type { SessionClaims } from '../codec/session-codec.js';
import type { DataFormat } from '../data/data-format.js';
import { TrackedData } from '../data/tracked-data.js';
import type { TransportedSession } from '../transport/session-transport.js';

/** The session that the request brought. */
export interface SessionOrigin {
  /** Whether the request has a cookie of ours, valid or not. */
  readonly hadCookie: boolean;
  /** The session of the valid cookie, if there was one. */
  readonly session: TransportedSession | undefined;
}

/** What to do with the cookie: keep, delete or write. */
export type CookieAction =
  | { readonly action: 'keep' }
  | { readonly action: 'delete' }
  | { readonly action: 'write'; readonly claims: SessionClaims; readonly text: string };

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
  #isTouched = false;
  #isDestroyed = false;
  #isRolledBack = false;

  constructor(origin: SessionOrigin, format: DataFormat, now: number) {
    this.data = new TrackedData(origin.session?.data, format, origin.session?.isShared);
    this.#origin = origin;
    this.#loadedAt = now;
    this.#id = origin.session?.claims.jti;
    this.#createdAt = origin.session?.claims.iat ?? now;
    this.#ttl = origin.session?.claims.ttl;
  }

  get isNew(): boolean {
    return this.#origin.session === undefined;
  }

  /** Made when it is first needed: most new sessions are never written. */
  get id(): string {
    return (this.#id ??= newSessionId());
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

  /** Asks for a fresh cookie even if nothing changed. */
  touch(): void {
    this.#isTouched = true;
  }

  /** Replaces this session by a new one, with the values of `keep`. */
  renew(keep: readonly string[] = []): void {
    this.data.clear(keep);
    this.#id = newSessionId();
    this.#createdAt = this.#loadedAt;
    this.#ttl = undefined;
    this.#isDestroyed = false;
  }

  destroy(): void {
    this.renew();
    this.#isDestroyed = true;
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
    this.#isTouched = this.#isDestroyed = false;
    this.#isRolledBack = true;
  }

  /** Whether the session differs from its origin: another session, another lifetime, or other data. */
  get isModified(): boolean {
    return this.#isReplaced || this.data.isModified;
  }

  /** Whether the session of the cookie has no time left. */
  isExpired(lifetime: Lifetime, now: number): boolean {
    const claims = this.#origin.session?.claims;
    return claims !== undefined && lifetime.reject(claims, now) !== undefined;
  }

  /** When the session ends if the response is sent now. */
  expiry(lifetime: Lifetime, now: number): number {
    const claims = this.#origin.session?.claims;
    const isKept = claims !== undefined && !this.isModified && !this.#isTouched && !lifetime.isRenewalDue(claims, now);
    return isKept ? claims.exp : lifetime.expiry(this.#createdAt, this.#ttl, now);
  }

  /** What to do with the cookie. @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` */
  cookieAction(lifetime: Lifetime, now: number): CookieAction {
    const { session, hadCookie } = this.#origin;
    const text = this.#isReplaced || this.#isDestroyed ? this.data.serialize() : this.data.modifiedText();
    if (text !== undefined && this.data.isEmptyText(text)) {
      const isThere = this.#isDestroyed ? hadCookie : session !== undefined;
      return { action: isThere ? 'delete' : 'keep' };
    }
    if (text !== undefined) return this.#write(text, lifetime.expiry(this.#createdAt, this.#ttl, now));
    if (session === undefined) return { action: 'keep' };
    if (this.#isTouched || (lifetime.isRenewalDue(session.claims, now) && !this.#isRolledBack)) {
      return this.#write(text, lifetime.expiry(this.#createdAt, this.#ttl, now));
    }
    // Signed with an older secret: re-issued for the time that it has left.
    return session.stale && !this.#isRolledBack ? this.#write(text, session.claims.exp) : { action: 'keep' };
  }

  /** Whether it is another session than its origin, or has another lifetime of its own. */
  get #isReplaced(): boolean {
    const claims = this.#origin.session?.claims;
    return claims !== undefined && (this.#id !== claims.jti || this.#ttl !== claims.ttl);
  }

  #write(text: string | undefined, exp: number): CookieAction {
    const claims = { jti: this.id, iat: this.#createdAt, exp, ttl: this.#ttl };
    return { action: 'write', claims, text: text ?? this.data.serialize() };
  }
}
