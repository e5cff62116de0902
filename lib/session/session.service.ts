import type { SessionData, SessionKey } from '../data/session-data.js';
import { assertKey, type SessionContent } from '../data/tracked-data.js';
import { assertMaxAge } from '../codec/lifetime.js';
import { putFlash, takeFlash } from './flash.js';
import type { SessionBinding } from './request-session.js';

/**
 * The session of one request: inject it, take it by `@Session()`, or ask `SessionManager.open()`; it is the same object.
 *
 * Nothing is read from the request before a member is used, and nothing is sent unless something changed.
 * Every member that changes the session throws `ERR_SESSION_HEADERS_SENT` once the response headers have left.
 */
export class SessionService<T extends object = SessionData> {
  readonly #binding: SessionBinding;

  /** @internal Sessions are made by `SessionManager.open()`. */
  constructor(binding: SessionBinding) {
    this.#binding = binding;
  }

  /**
   * The live data: what is changed here, however deep, is saved.
   * It stays the same object for the whole request. Changes after the headers left are logged as lost.
   * Where there is no response to carry the cookie, it is a frozen copy.
   */
  get data(): T {
    return this.#binding.data as T;
  }

  /** The value of an own key; `undefined` where there is none. */
  get<K extends SessionKey<T>>(key: K): T[K] | undefined {
    const { data } = this.#binding.state.content;
    if (!Object.hasOwn(data, key)) return undefined;
    const value = data[key];
    // Whoever gets an object may change it; what cannot be changed needs no watching.
    return (typeof value === 'object' && value !== null ? this.#binding.data[key] : value) as T[K];
  }

  /** @throws SessionError `ERR_SESSION_KEY_FORBIDDEN` for `__proto__` */
  set<K extends SessionKey<T>>(key: K, value: T[K]): void {
    const content = this.#change('set a value of');
    assertKey(key);
    content.set(key, value);
  }

  has(key: SessionKey<T>): boolean {
    return Object.hasOwn(this.#binding.state.content.data, key);
  }

  /** @returns whether the key was there */
  delete(key: SessionKey<T>): boolean {
    return this.#change('delete a value of').delete(key);
  }

  /** Takes a value out of the session; `fallback` where there is none. */
  pop<K extends SessionKey<T>>(key: K): T[K] | undefined;
  pop<K extends SessionKey<T>, F>(key: K, fallback: F): T[K] | F;
  pop<K extends SessionKey<T>>(key: K, fallback?: unknown): unknown {
    return this.#change('pop a value of').pop(key, fallback);
  }

  /** Sets all values of `partial`, or none of them. @throws SessionError `ERR_SESSION_KEY_FORBIDDEN` */
  update(partial: Partial<T>): void {
    const content = this.#change('update');
    const entries = Object.entries(partial);
    for (const [key] of entries) assertKey(key);
    for (const [key, value] of entries) content.set(key, value);
  }

  /** Empties the session: a cookie that came is deleted. */
  clear(): void {
    this.#change('clear').clear();
  }

  /** How many values the session has. */
  get size(): number {
    return Object.keys(this.#binding.state.content.data).length;
  }

  keys(): SessionKey<T>[] {
    return Object.keys(this.#binding.state.content.data) as SessionKey<T>[];
  }

  entries(): [key: SessionKey<T>, value: T[SessionKey<T>]][] {
    return Object.entries(this.#binding.data) as [SessionKey<T>, T[SessionKey<T>]][];
  }

  /** Whether no valid cookie came with the request. */
  get isNew(): boolean {
    return this.#binding.state.isNew;
  }

  /** Whether the session differs from what came, compared by content. */
  get isModified(): boolean {
    return this.#binding.state.isModified;
  }

  /** A random 128-bit id, base64url; the same until `regenerate()` or `destroy()`. */
  get id(): string {
    return this.#binding.state.id;
  }

  get createdAt(): Date {
    return new Date(this.#binding.state.createdAt * 1000);
  }

  /** When the session ends: as the cookie that came says, or as the one will that is about to be sent. */
  get expiresAt(): Date {
    return new Date(this.#binding.expiry * 1000);
  }

  /** Lifetime of this one session in seconds, for "remember me"; `undefined` takes the module's `maxAge` again. */
  get maxAge(): number {
    return this.#binding.maxAge;
  }

  /** @throws SessionError `ERR_SESSION_MAX_AGE_INVALID` unless it is a whole number of seconds, at least 1 */
  set maxAge(seconds: number | undefined) {
    const state = this.#binding.writable('set the maxAge of');
    if (seconds !== undefined) assertMaxAge(seconds);
    state.ttl = seconds;
  }

  /** A new session with a new id and no data, against session fixation: call it at log-in. */
  regenerate(options: { readonly keep?: readonly SessionKey<T>[] } = {}): void {
    this.#binding.writable('regenerate').renew(options.keep ?? []);
  }

  /** Ends the session and deletes its cookie. What is set later in the same request starts a new session. */
  destroy(): void {
    this.#binding.writable('destroy').destroy();
  }

  /** Back to what came with the request: nothing is sent. */
  rollback(): void {
    this.#binding.writable('roll back').rollback();
  }

  /** Sends the cookie again with a fresh lifetime even if nothing changed. */
  touch(): void {
    this.#binding.writable('touch').touch();
  }

  /**
   * A value for the next request that asks for it, such as "Saved." after a redirect: asking takes it out.
   * Kept in the session under the key `$flash`. Asking does not begin a session.
   */
  flash(key: string, value: unknown): void;
  flash(key: string): unknown;
  flash(...[key, ...values]: [key: string, value?: unknown]): unknown {
    if (values.length === 0) return takeFlash(this as SessionService, key);
    putFlash(this as SessionService, key, values[0]);
    return undefined;
  }

  #change(what: string): SessionContent {
    return this.#binding.writable(what).content;
  }
}
