import type { SessionData, SessionKey } from '../data/session-data.js';
import { assertKey, dataEntries, type TrackedData } from '../data/tracked-data.js';
import { quote } from '../data/quote.js';
import { SessionError } from '../session.errors.js';
import { putFlash, takeFlash } from './flash.js';
import type { RequestSession } from './request-session.js';

/** The part of a request's session that the members need. */
type SessionBehind = Pick<RequestSession, 'state' | 'values' | 'writable' | 'maxAge' | 'setMaxAge' | 'expiry' | 'save'>;

/**
 * The session of one request: by `@Session()`, by injection or by `SessionManager.open()`, always the same object.
 *
 * Nothing is read from the request before a member is used, and nothing is sent unless something changed.
 * Every member that changes the session throws `ERR_SESSION_HEADERS_SENT` once the response headers are sent.
 */
export class SessionService<T extends object = SessionData> {
  readonly #session: SessionBehind;

  /** @internal Sessions are made by `SessionManager.open()`. */
  constructor(session: SessionBehind) {
    this.#session = session;
  }

  /**
   * The live data: a change here, however deep, is saved.
   * The same object for the whole request. Changes after the headers are sent are lost, and logged when the response has finished.
   * Where no response could carry the cookie, a frozen copy.
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

  /** Lifetime of this one session in seconds, for "remember me"; `undefined` takes the module's `maxAge` again. */
  get maxAge(): number {
    return SessionService.#of(this).maxAge;
  }

  /** @throws SessionError `ERR_SESSION_MAX_AGE_INVALID` unless it is a whole number of seconds, at least 1 */
  set maxAge(seconds: number | undefined) {
    SessionService.#of(this).setMaxAge(seconds);
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
   * A value for the next request that reads it, such as "Saved." after a redirect: reading removes it.
   * Kept in the session under the key `$flash`. Reading does not begin a session.
   */
  flash(key: string, value: unknown): void;
  flash(key: string): unknown;
  flash(...[key, ...values]: [key: string, value?: unknown]): unknown {
    SessionService.#of(this);
    if (values.length === 0) return takeFlash(this, key);
    putFlash(this, key, values[0]);
    return undefined;
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

/** In the place of a session where there is no request. */
class MissingSession implements SessionBehind {
  readonly #error: SessionError;

  constructor(error: SessionError) {
    this.#error = error;
  }

  get state(): never {
    return this.#fail();
  }

  get values(): never {
    return this.#fail();
  }

  get maxAge(): never {
    return this.#fail();
  }

  get expiry(): never {
    return this.#fail();
  }

  writable(): never {
    return this.#fail();
  }

  setMaxAge(): never {
    return this.#fail();
  }

  save(): never {
    return this.#fail();
  }

  /** A new error, so that its stack names the line that needs the session. */
  #fail(): never {
    throw new SessionError(this.#error.code, this.#error.message);
  }
}

function misused(message: string): SessionError {
  return new SessionError('ERR_SESSION_MISUSED', message);
}

/** Assignments that would be lost without a word in CommonJS, or fail with V8's own text. */
function refuseAssignment(key: string): never {
  if (key === 'data') {
    throw misused(
      'Cannot replace session.data: it is the live object that will be saved. Write session.update({ … }), after ' +
        'session.clear() if the other values are to go.',
    );
  }
  throw misused(
    `Cannot set the property ${quote(key)} of the session: it would not be saved. Write session.set(${quote(key)}, value).`,
  );
}

const members = SessionService.prototype;
for (const [key, member] of Object.entries(Object.getOwnPropertyDescriptors(members))) {
  if (member.get === undefined || member.set !== undefined) continue;
  Object.defineProperty(members, key, {
    ...member,
    set() {
      refuseAssignment(key);
    },
  });
}
// Behind the members and not around the session: only what is no member is looked for here, so it costs nothing.
Object.setPrototypeOf(
  members,
  new Proxy(
    {},
    {
      set(target, key, value, session) {
        if (typeof key === 'string') refuseAssignment(key);
        return Reflect.set(target, key, value, session);
      },
    },
  ),
);
