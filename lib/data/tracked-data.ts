import { SessionError } from '../session.errors.js';
import { type DataFormat, isSameText, largestKeys } from './data-format.js';
import type { SessionRecord } from './session-data.js';
import { isAtomic, SessionChanges } from './changed-values.js';

/**
 * The data of a session and what became of it, judged by content and not by calls: what was changed and changed back
 * is unchanged, and a change deep inside counts.
 *
 * As long as nobody outside holds anything that could be changed, every change is made here, and only the values that
 * were changed are compared. Before somebody gets hold of such a thing the data is `expose`d: a text is taken of what
 * came, and from then on texts are compared.
 */
export class SessionContent {
  #data: SessionRecord;
  readonly #format: DataFormat;
  readonly #isNew: boolean;
  readonly #changes = new SessionChanges();
  /** As it came; only if it is exposed. */
  #origin: string | undefined;
  /** As it was written last; while nothing is exposed, as long as nothing was changed since. */
  #text: string | undefined;
  #isSettled = false;
  /** As the headers took it along; only if it is exposed. */
  #settled: string | undefined;
  #frozen: SessionRecord | undefined;

  /** @param data what came, or `undefined` for a new session */
  constructor(data: SessionRecord | undefined, format: DataFormat) {
    this.#data = data ?? {};
    this.#format = format;
    this.#isNew = data === undefined;
  }

  /** To be read. The same object for the whole request, unless it is `detach`ed: somebody may hold it. */
  get data(): SessionRecord {
    return this.#data;
  }

  /** Leaves the object to whoever holds it and goes on with an empty one, as express-session does. */
  detach(): void {
    this.expose();
    this.#data = {};
  }

  /** The data, for somebody who may change it. */
  expose(): SessionRecord {
    if (this.#origin === undefined) {
      if (this.#isSettled) this.#settled = this.serialize();
      this.#origin = this.#writeOrigin();
      this.#text = undefined;
    }
    return this.#data;
  }

  set(key: string, value: unknown): void {
    if (this.#origin === undefined && !isAtomic(value)) this.expose();
    this.#change(key);
    this.#data[key] = value;
  }

  /** @returns whether the key was there */
  delete(key: string): boolean {
    if (!Object.hasOwn(this.#data, key)) return false;
    this.#change(key);
    return delete this.#data[key];
  }

  /** Takes a value out; `fallback` where there is none. */
  pop(key: string, fallback: unknown): unknown {
    if (!Object.hasOwn(this.#data, key)) return fallback;
    const value = this.#data[key];
    if (!isAtomic(value)) this.expose();
    this.delete(key);
    return value;
  }

  /** A copy that cannot be changed, for where a change could not be saved. */
  get frozen(): SessionRecord {
    return (this.#frozen ??= deepFreeze(this.#format.read(this.serialize())));
  }

  /** Removes all keys but those in `keep`. */
  clear(keep: readonly string[] = []): void {
    for (const key of Object.keys(this.#data)) if (!keep.includes(key)) this.delete(key);
  }

  /** Back to what came. */
  rollback(): void {
    this.#text = undefined;
    if (this.#origin === undefined) return this.#changes.undo(this.#data);
    this.clear();
    Object.assign(this.#data, this.#format.read(this.#origin));
  }

  /** @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` */
  serialize(): string {
    if (this.#origin !== undefined) this.#text = undefined;
    return (this.#text ??= this.#format.write(this.#data));
  }

  /** Whether nothing would be left of `text`: values that the format does not write are none. */
  isEmptyText(text: string): boolean {
    return text === this.#format.empty;
  }

  /**
   * The data as text if it differs from what came.
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE`
   */
  modifiedText(): string | undefined {
    if (this.#origin === undefined) return this.#changes.areIn(this.#data) ? this.serialize() : undefined;
    const text = this.serialize();
    return isSameText(this.#format, text, this.#origin) ? undefined : text;
  }

  /** What cannot be serialized did not come in a cookie, so it is a change. */
  get isModified(): boolean {
    return this.#origin === undefined ? this.#changes.areIn(this.#data) : !this.#is(this.#origin);
  }

  /** Names what takes the most room, for the error of a session that is too large. */
  get largestKeys(): string {
    return largestKeys(this.#format, this.#data);
  }

  /** The headers are leaving, with what was serialized last: what is changed from now on is lost. */
  settle(): void {
    this.#isSettled = true;
    if (this.#origin !== undefined) this.#settled = this.#text ?? this.#textOrNothing();
  }

  /** Whether anything was changed since the headers left. */
  get hasLostChanges(): boolean {
    const saved = this.#settled ?? this.#origin;
    return saved !== undefined && !this.#is(saved);
  }

  #change(key: string): void {
    if (this.#origin !== undefined) return;
    this.#changes.remember(this.#data, key);
    this.#text = undefined;
  }

  #writeOrigin(): string {
    if (this.#isNew) return this.#format.empty;
    if (!this.#changes.areIn(this.#data)) return this.serialize();
    const origin = { ...this.#data };
    this.#changes.undo(origin);
    return this.#format.write(origin);
  }

  #is(text: string): boolean {
    const now = this.#textOrNothing();
    return now === text || (now !== '' && text !== '' && isSameText(this.#format, now, text));
  }

  /** What cannot be written as JSON has the empty text, which equals no data. */
  #textOrNothing(): string {
    try {
      return this.serialize();
    } catch {
      return '';
    }
  }
}

/** @throws SessionError `ERR_SESSION_KEY_FORBIDDEN` for a key that no session may have */
export function assertKey(key: string): void {
  if (key !== '__proto__') return;
  throw new SessionError(
    'ERR_SESSION_KEY_FORBIDDEN',
    'Cannot set a value in the session: the key "__proto__" would replace the prototype. Use another key.',
  );
}

/** Freezes an object and all that it holds, for where a change could not be saved. */
function deepFreeze<T extends object>(value: T): T {
  // What is frozen already was met before, if it contains itself; the elements of a typed array cannot be.
  if (Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return value;
}
