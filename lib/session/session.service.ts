import type { SessionData, SessionKey } from '../data/session-data.js';
import { assertKey, type TrackedData } from '../data/tracked-data.js';
import { assertMaxAge } from '../codec/lifetime.js';
import { putFlash, takeFlash } from './flash.js';
import type { RequestSession } from './request-session.js';

/**
 * The session of one request: by `@Session()`, by injection or by `SessionManager.open()`, always the same object.
 *
 * Nothing is read from the request before a member is used, and nothing is sent unless something changed.
 * Every member that changes the session throws `ERR_SESSION_HEADERS_SENT` once the response headers are sent.
 */
export class SessionService<T extends object = SessionData> {
  readonly #session: RequestSession;

  /** @internal Sessions are made by `SessionManager.open()`. */
  constructor(session: RequestSession) {
    this.#session = session;
  }

  /**
   * The live data: a change here, however deep, is saved.
   * The same object for the whole request. Changes after the headers are sent are logged as lost.
   * Where no response could carry the cookie, a frozen copy.
   */
  get data(): T {
    return this.#session.values as T;
  }

  /** The value of an own key; `undefined` where there is none. */
  get<K extends SessionKey<T>>(key: K): T[K] | undefined {
    const { values } = this.#session.state.data;
    if (!Object.hasOwn(values, key)) return undefined;
    const value = values[key];
    // The caller may change an object; a primitive needs no watching.
    return (typeof value === 'object' && value !== null ? this.#session.values[key] : value) as T[K];
  }

  /** @throws SessionError `ERR_SESSION_KEY_FORBIDDEN` for `__proto__` */
  set<K extends SessionKey<T>>(key: K, value: T[K]): void {
    const data = this.#change('set a value of');
    assertKey(key);
    data.set(key, value);
  }

  has(key: SessionKey<T>): boolean {
    return Object.hasOwn(this.#session.state.data.values, key);
  }

  /** @returns whether the key existed */
  delete(key: SessionKey<T>): boolean {
    return this.#change('delete a value of').delete(key);
  }

  /** Removes a value and returns it; `fallback` where there is none. */
  pop<K extends SessionKey<T>>(key: K): T[K] | undefined;
  pop<K extends SessionKey<T>, F>(key: K, fallback: F): T[K] | F;
  pop<K extends SessionKey<T>>(key: K, fallback?: unknown): unknown {
    return this.#change('pop a value of').pop(key, fallback);
  }

  /** Sets all values of `partial`, or none of them. @throws SessionError `ERR_SESSION_KEY_FORBIDDEN` */
  update(partial: Partial<T>): void {
    const data = this.#change('update');
    const entries = Object.entries(partial);
    for (const [key] of entries) assertKey(key);
    for (const [key, value] of entries) data.set(key, value);
  }

  /** Empties the session: the browser's cookie is deleted. */
  clear(): void {
    this.#change('clear').clear();
  }

  /** How many values the session has. */
  get size(): number {
    return Object.keys(this.#session.state.data.values).length;
  }

  keys(): SessionKey<T>[] {
    return Object.keys(this.#session.state.data.values) as SessionKey<T>[];
  }

  entries(): [key: SessionKey<T>, value: T[SessionKey<T>]][] {
    return Object.entries(this.#session.values) as [SessionKey<T>, T[SessionKey<T>]][];
  }

  /** Whether no valid cookie came with the request. */
  get isNew(): boolean {
    return this.#session.state.isNew;
  }

  /** Whether the session differs from the one that the request brought, compared by content. */
  get isModified(): boolean {
    return this.#session.state.isModified;
  }

  /** A random 128-bit id, base64url; the same until `regenerate()` or `destroy()`. */
  get id(): string {
    return this.#session.state.id;
  }

  get createdAt(): Date {
    return new Date(this.#session.state.createdAt * 1000);
  }

  /** When the session ends: the expiry of the cookie that came, or of the one that will be sent. */
  get expiresAt(): Date {
    return new Date(this.#session.expiry * 1000);
  }

  /** Lifetime of this one session in seconds, for "remember me"; `undefined` takes the module's `maxAge` again. */
  get maxAge(): number {
    return this.#session.maxAge;
  }

  /** @throws SessionError `ERR_SESSION_MAX_AGE_INVALID` unless it is a whole number of seconds, at least 1 */
  set maxAge(seconds: number | undefined) {
    const state = this.#session.writable('set the maxAge of');
    if (seconds !== undefined) assertMaxAge(seconds);
    state.ttl = seconds;
  }

  /** A new session with a new id and no data but `keep`, against session fixation: call it at log-in. */
  regenerate(options: { readonly keep?: readonly SessionKey<T>[] } = {}): void {
    this.#session.writable('regenerate').renew(options.keep ?? []);
  }

  /** Ends the session and deletes its cookie. A later `set` in the same request starts a new session. */
  destroy(): void {
    this.#session.writable('destroy').destroy();
  }

  /** Restores the session that the request brought: nothing is sent. */
  rollback(): void {
    this.#session.writable('roll back').rollback();
  }

  /** Sends the cookie again with a fresh lifetime even if nothing changed. */
  touch(): void {
    this.#session.writable('touch').touch();
  }

  /**
   * A value for the next request that reads it, such as "Saved." after a redirect: reading removes it.
   * Kept in the session under the key `$flash`. Reading does not begin a session.
   */
  flash(key: string, value: unknown): void;
  flash(key: string): unknown;
  flash(...[key, ...values]: [key: string, value?: unknown]): unknown {
    if (values.length === 0) return takeFlash(this, key);
    putFlash(this, key, values[0]);
    return undefined;
  }

  #change(what: string): TrackedData {
    return this.#session.writable(what).data;
  }
}
