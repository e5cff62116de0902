import { inspect, type InspectOptions } from 'node:util';
import { assertKey, dataEntries } from '../data/given-values.js';
import type { DefaultSessionData, FlashValues, SessionKey } from '../data/session-data.js';
import type { TrackedData } from '../data/tracked-data.js';
import type { SessionError } from '../session.errors.js';
import { newCsrfToken } from './csrf-token.js';
import { putFlash, takeFlash } from './flash.js';
import { showSession } from './inspect-session.js';
import { MissingSession, type SessionBehind } from './missing-session.js';
import type { SessionLifetime } from './own-lifetime.js';
import { misused, refuseAssignments } from './refused-assignments.js';

/**
 * The session of one request: by `@Session()`, by injection or by `SessionManager.open()`, always the same object.
 *
 * Nothing is read from the request before a member is used, and nothing is sent unless something changed.
 * Every member that changes the session throws `ERR_SESSION_HEADERS_SENT` once the response headers are sent.
 */
export class SessionService<T extends object = DefaultSessionData> {
  readonly #session: SessionBehind;

  /** @internal Sessions are made by `SessionManager.open()`. */
  constructor(session: SessionBehind) {
    this.#session = session;
  }

  /**
   * The live data: a change here, however deep, is saved. The same object for the whole request; a frozen copy where no
   * response could carry the cookie. Changes after the headers are sent are lost, and logged when the response has finished.
   */
  get data(): T {
    return SessionService.#of(this).values as T;
  }

  /** The value of an own key; `undefined` where there is none. */
  get<K extends SessionKey<T>>(key: K): T[K] | undefined {
    const session = SessionService.#of(this);
    const { values } = session.state.data;
    if (!Object.hasOwn(values, key)) return undefined;
    const value = values[key];
    // The caller may change an object; a primitive needs no watching.
    return (typeof value === 'object' && value !== null ? session.values[key] : value) as T[K];
  }

  /** @throws SessionError `ERR_SESSION_KEY_FORBIDDEN` for `__proto__` */
  set<K extends SessionKey<T>>(key: K, value: T[K]): void {
    const data = SessionService.#change(this, 'set a value of');
    assertKey(key);
    data.set(key, value);
  }

  has(key: SessionKey<T>): boolean {
    return Object.hasOwn(SessionService.#of(this).state.data.values, key);
  }

  /** @returns whether the key existed */
  delete(key: SessionKey<T>): boolean {
    return SessionService.#change(this, 'delete a value of').delete(key);
  }

  /** Removes a value and returns it; `fallback` where there is none. */
  pop<K extends SessionKey<T>>(key: K): T[K] | undefined;
  pop<K extends SessionKey<T>, F>(key: K, fallback: F): T[K] | F;
  pop<K extends SessionKey<T>>(key: K, fallback?: unknown): unknown {
    return SessionService.#change(this, 'pop a value of').pop(key, fallback);
  }

  /**
   * Sets all values of `partial`, or none of them.
   * @throws SessionError `ERR_SESSION_KEY_FORBIDDEN`; `ERR_SESSION_MISUSED` for what is not an object with values
   */
  update(partial: Partial<T>): void {
    const data = SessionService.#change(this, 'update');
    for (const [key, value] of dataEntries(partial)) data.set(key, value);
  }

  /** Empties the session: the browser's cookie is deleted. */
  clear(): void {
    SessionService.#change(this, 'clear').clear();
  }

  /** How many values the session has. */
  get size(): number {
    return Object.keys(SessionService.#of(this).state.data.values).length;
  }

  keys(): SessionKey<T>[] {
    return Object.keys(SessionService.#of(this).state.data.values) as SessionKey<T>[];
  }

  entries(): [key: SessionKey<T>, value: T[SessionKey<T>]][] {
    return Object.entries(SessionService.#of(this).values) as [SessionKey<T>, T[SessionKey<T>]][];
  }

  /** Whether no valid cookie came with the request. */
  get isNew(): boolean {
    return SessionService.#of(this).state.isNew;
  }

  /** Whether the session differs from the one that the request brought, compared by content. */
  get isModified(): boolean {
    return SessionService.#of(this).state.isModified;
  }

  /** A random 128-bit id, base64url; the same until `regenerate()` or `destroy()`. */
  get id(): string {
    return SessionService.#of(this).state.id;
  }

  get createdAt(): Date {
    return new Date(SessionService.#of(this).state.createdAt * 1000);
  }

  /** When the session ends: the expiry of the cookie that came, or of the one that will be sent. */
  get expiresAt(): Date {
    return new Date(SessionService.#of(this).expiry * 1000);
  }

  /**
   * Lifetime of this one session in seconds since its cookie was last issued, for "remember me"; `undefined` takes the
   * module's `maxAge` again. Never more than `absoluteMaxAge`.
   */
  get maxAge(): number {
    return SessionService.#of(this).maxAge;
  }

  /**
   * @throws SessionError `ERR_SESSION_MAX_AGE_INVALID` unless it is a whole number of seconds, at least 1, and at most
   * `absoluteMaxAge`: see `setLifetime()`
   */
  set maxAge(seconds: number | undefined) {
    SessionService.#of(this).setMaxAge(seconds);
  }

  /**
   * Gives this one session a lifetime of its own, which may be longer than `absoluteMaxAge` of the module allows others. Kept
   * by later writes, forgotten by `regenerate()`. Replaces one given before: what is left out is as the module has it.
   *
   * @throws SessionError `ERR_SESSION_MAX_AGE_INVALID` unless both are whole numbers of seconds, at least 1, `maxAge` is at
   * most `absoluteMaxAge`, and the session younger than that
   * @example
   * session.setLifetime({ maxAge: 30 * DAY, absoluteMaxAge: 90 * DAY });
   */
  setLifetime(lifetime: SessionLifetime): void {
    SessionService.#of(this).setLifetime(lifetime);
  }

  /**
   * A new session with a new id and no data but `keep`, against session fixation: call it at log-in.
   *
   * @param options `restart`: whether `createdAt`, and `absoluteMaxAge` with it, begin anew; by default only where no value
   * is kept
   */
  regenerate(options: { readonly keep?: readonly SessionKey<T>[]; readonly restart?: boolean } = {}): void {
    SessionService.#of(this).writable('regenerate').renew(options.keep, options.restart);
  }

  /** Ends the session and deletes its cookie. A later `set` in the same request starts a new session. */
  destroy(): void {
    SessionService.#of(this).writable('destroy').destroy();
  }

  /** Restores the session that the request brought: nothing is sent. */
  rollback(): void {
    SessionService.#of(this).writable('roll back').rollback();
  }

  /** Sends the cookie again with a fresh lifetime even if nothing changed. */
  touch(): void {
    SessionService.#of(this).writable('touch').touch();
  }

  /**
   * Saves the session now, where an answer must not begin before, or an error should be your own. Not needed otherwise: it is
   * saved after the handler. Without a store it only checks that the session can be written.
   *
   * @throws SessionError `ERR_SESSION_STORE_UNAVAILABLE`, `ERR_SESSION_REVOKED`, `ERR_SESSION_NOT_SERIALIZABLE` or
   * `ERR_SESSION_TOO_LARGE`
   */
  save(): Promise<void> {
    return SessionService.#of(this).save() ?? Promise.resolve();
  }

  /**
   * A value for the next request that reads it, such as "Saved." after a redirect: reading removes it, and does not begin a
   * session. Kept in the session under the key `$flash`, by whose type TypeScript checks keys and values.
   */
  flash<K extends SessionKey<FlashValues<T>>>(key: K, value: FlashValues<T>[K]): void;
  flash<K extends SessionKey<FlashValues<T>>>(key: K): FlashValues<T>[K] | undefined;
  flash(...[key, ...values]: [key: string, value?: unknown]): unknown {
    SessionService.#of(this);
    if (values.length === 0) return takeFlash(this, key);
    putFlash(this, key, values[0]);
    return undefined;
  }

  /**
   * A token that `CsrfGuard` accepts, for a form or a header; another text in each request. The first one begins the session, and
   * `regenerate()` and `destroy()` end them all; a log-in that `store.subject` tells of ends those of earlier requests. Its
   * secret is kept in the session under the key `$csrf`.
   *
   * @throws SessionError `ERR_SESSION_HEADERS_SENT` or `ERR_SESSION_READ_ONLY` where the first one cannot be saved
   */
  csrfToken(): string {
    return newCsrfToken(this, SessionService.#of(this).state.givenToken);
  }

  /** What `util.inspect` and `console.log` show: name, keys and times, never a value. Nothing is read or sent by it. */
  [inspect.custom](depth: number, options: InspectOptions, print: typeof inspect): string {
    return showSession(#session in this ? this.#session.summary : undefined, depth, options, print);
  }

  /** @internal The session of a request that has none: the error comes when a member is used. */
  static withoutRequest(error: SessionError): SessionService {
    return new SessionService(new MissingSession(error));
  }

  static #change(service: object, what: string): TrackedData {
    return SessionService.#of(service).writable(what).data;
  }

  /** The session behind `this`, which is missing where a member was taken from its object: `const { get } = session`. */
  static #of(service: object | null | undefined): SessionBehind {
    if (typeof service === 'object' && service !== null && #session in service) return service.#session;
    throw misused(
      'Cannot use a member of the session: it was taken from its object. Write session.get(key), not ' +
        'const { get } = session.',
    );
  }
}

refuseAssignments(SessionService.prototype);
