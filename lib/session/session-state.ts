import type { DataFormat } from '../data/data-format.js';
import type { Lifetime } from '../codec/lifetime.js';
import type { SessionClaims } from '../codec/session-codec.js';
import { newSessionId } from '../codec/claims.js';
import type { CarriedSession } from '../transport/session-transport.js';
import { SessionContent } from '../data/tracked-data.js';

/** What came with the request. */
export interface SessionOrigin {
  /** Any cookie of ours, valid or not. */
  readonly hadCookie: boolean;
  /** The session in it, if one was valid. */
  readonly opened: CarriedSession | undefined;
}

/** What is to become of the cookie. */
export type SessionOutcome =
  | { readonly intent: 'keep' }
  | { readonly intent: 'delete' }
  | { readonly intent: 'write'; readonly claims: SessionClaims; readonly text: string };

/**
 * The session of one request between load and save: what came, what it is now, and what follows from the difference.
 * Knows neither HTTP nor a clock: `now` is a NumericDate.
 */
export class SessionState {
  readonly content: SessionContent;
  readonly #origin: SessionOrigin;
  readonly #openedAt: number;
  #id: string | undefined;
  #createdAt: number;
  #ttl: number | undefined;
  #isTouched = false;
  #isDestroyed = false;
  #isRolledBack = false;

  constructor(origin: SessionOrigin, format: DataFormat, now: number) {
    this.content = new SessionContent(origin.opened?.data, format);
    this.#origin = origin;
    this.#openedAt = now;
    this.#id = origin.opened?.claims.jti;
    this.#createdAt = origin.opened?.claims.iat ?? now;
    this.#ttl = origin.opened?.claims.ttl;
  }

  get isNew(): boolean {
    return this.#origin.opened === undefined;
  }

  /** Made when first asked for: most new sessions are never written. */
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

  /** A new session in the place of this one, with what `keep` names of its data. */
  renew(keep: readonly string[] = []): void {
    this.content.clear(keep);
    this.#id = newSessionId();
    this.#createdAt = this.#openedAt;
    this.#ttl = undefined;
    this.#isDestroyed = false;
  }

  destroy(): void {
    this.renew();
    this.#isDestroyed = true;
  }

  /** Whether `destroy` was the last word: nothing has been set since. */
  get isDestroyed(): boolean {
    return this.#isDestroyed && Object.keys(this.content.data).length === 0;
  }

  rollback(): void {
    const claims = this.#origin.opened?.claims;
    this.content.rollback();
    this.#id = claims?.jti ?? this.#id;
    this.#createdAt = claims?.iat ?? this.#openedAt;
    this.#ttl = claims?.ttl;
    this.#isTouched = this.#isDestroyed = false;
    this.#isRolledBack = true;
  }

  /** Differs from what came: another session, another lifetime, or other data. */
  get isModified(): boolean {
    return this.#isOther || this.content.isModified;
  }

  /** Whether the session that came has no time left by now. */
  isOver(lifetime: Lifetime, now: number): boolean {
    const claims = this.#origin.opened?.claims;
    return claims !== undefined && lifetime.reject(claims, now) !== undefined;
  }

  /** When the session ends if the response left now. */
  expiry(lifetime: Lifetime, now: number): number {
    const claims = this.#origin.opened?.claims;
    const isKept = claims !== undefined && !this.isModified && !this.#isTouched && !lifetime.isDue(claims, now);
    return isKept ? claims.exp : lifetime.expiry(this.#createdAt, this.#ttl, now);
  }

  /** What is to become of the cookie, as things stand. @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` */
  outcome(lifetime: Lifetime, now: number): SessionOutcome {
    const { opened, hadCookie } = this.#origin;
    const text = this.#isOther || this.#isDestroyed ? this.content.serialize() : this.content.modifiedText();
    if (text !== undefined && this.content.isEmptyText(text)) {
      const isThere = this.#isDestroyed ? hadCookie : opened !== undefined;
      return { intent: isThere ? 'delete' : 'keep' };
    }
    if (text !== undefined) return this.#write(text, lifetime.expiry(this.#createdAt, this.#ttl, now));
    if (opened === undefined) return { intent: 'keep' };
    if (this.#isTouched || (lifetime.isDue(opened.claims, now) && !this.#isRolledBack)) {
      return this.#write(text, lifetime.expiry(this.#createdAt, this.#ttl, now));
    }
    // Sealed with an older secret: issued anew for the time that it has left.
    return opened.stale && !this.#isRolledBack ? this.#write(text, opened.claims.exp) : { intent: 'keep' };
  }

  /** Whether it is another session than the one that came, or lives as long as another. */
  get #isOther(): boolean {
    const claims = this.#origin.opened?.claims;
    return claims !== undefined && (this.#id !== claims.jti || this.#ttl !== claims.ttl);
  }

  #write(text: string | undefined, exp: number): SessionOutcome {
    const claims = { jti: this.id, iat: this.#createdAt, exp, ttl: this.#ttl };
    return { intent: 'write', claims, text: text ?? this.content.serialize() };
  }
}
