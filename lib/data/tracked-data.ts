import { SessionError } from '../session.errors.js';
import { type DataFormat, isSameData, largestKeys } from './data-format.js';
import type { SessionRecord } from './session-data.js';
import { isPrimitive, ChangedValues } from './changed-values.js';

/**
 * The data of a session and its changes, judged by content and not by calls: a value that was changed and changed back is
 * unchanged, and a change deep inside counts.
 *
 * As long as no mutable value has been handed out, every change is made here, and only the changed values are compared.
 * Before a mutable value is handed out, the data is `share`d: the original is kept as text, and from then on texts are
 * compared.
 */
export class TrackedData {
  #values: SessionRecord;
  readonly #format: DataFormat;
  readonly #isNew: boolean;
  readonly #changes = new ChangedValues();
  /** The original data as text; only once it is shared. */
  #origin: string | undefined;
  /** The last text; dropped at the next change, or at once where the data is shared. */
  #text: string | undefined;
  #isSent = false;
  /** The text that was sent with the headers; only once the data is shared. */
  #sent: string | undefined;
  #readonlyCopy: SessionRecord | undefined;

  /** @param data the data of the cookie, or `undefined` for a new session */
  constructor(data: SessionRecord | undefined, format: DataFormat) {
    this.#values = data ?? {};
    this.#format = format;
    this.#isNew = data === undefined;
  }

  /** For reading. The same object for the whole request, unless it is `replace`d: the application may hold it. */
  get values(): SessionRecord {
    return this.#values;
  }

  /** Goes on with a new, empty object and leaves the old one unchanged, as express-session does. */
  replace(): void {
    this.share();
    this.#values = {};
  }

  /** The data for a caller that may change it. */
  share(): SessionRecord {
    if (this.#origin === undefined) {
      if (this.#isSent) this.#sent = this.serialize();
      this.#origin = this.#writeOrigin();
      this.#text = undefined;
    }
    return this.#values;
  }

  set(key: string, value: unknown): void {
    if (this.#origin === undefined && !isPrimitive(value)) this.share();
    this.#change(key);
    this.#values[key] = value;
  }

  /** @returns whether the key existed */
  delete(key: string): boolean {
    if (!Object.hasOwn(this.#values, key)) return false;
    this.#change(key);
    return delete this.#values[key];
  }

  /** Removes a value and returns it; `fallback` where there is none. */
  pop(key: string, fallback: unknown): unknown {
    if (!Object.hasOwn(this.#values, key)) return fallback;
    const value = this.#values[key];
    if (!isPrimitive(value)) this.share();
    this.delete(key);
    return value;
  }

  /** A deeply frozen copy, for where a change could not be saved. */
  get readonlyCopy(): SessionRecord {
    return (this.#readonlyCopy ??= deepFreeze(this.#format.read(this.serialize())));
  }

  /** Removes all keys but those in `keep`. */
  clear(keep: readonly string[] = []): void {
    for (const key of Object.keys(this.#values)) if (!keep.includes(key)) this.delete(key);
  }

  /** Restores the original data. */
  rollback(): void {
    this.#text = undefined;
    if (this.#origin === undefined) return this.#changes.undo(this.#values);
    this.clear();
    Object.assign(this.#values, this.#format.read(this.#origin));
  }

  /** @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` */
  serialize(): string {
    if (this.#origin !== undefined) this.#text = undefined;
    return (this.#text ??= this.#format.write(this.#values));
  }

  /** Whether `text` holds no values: those that the format does not write do not count. */
  isEmptyText(text: string): boolean {
    return text === this.#format.empty;
  }

  /**
   * The data as text if it differs from the original.
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE`
   */
  modifiedText(): string | undefined {
    if (this.#origin === undefined) return this.#changes.differFrom(this.#values) ? this.serialize() : undefined;
    const text = this.serialize();
    return isSameData(this.#format, text, this.#origin) ? undefined : text;
  }

  /** A value that cannot be serialized did not come in a cookie, so it is a change. */
  get isModified(): boolean {
    return this.#origin === undefined ? this.#changes.differFrom(this.#values) : !this.#is(this.#origin);
  }

  /** The keys that take the most room, for the error of a session that is too large. */
  get largestKeys(): string {
    return largestKeys(this.#format, this.#values);
  }

  /** Call it when the headers take the last text along: later changes are lost. */
  markSent(): void {
    this.#isSent = true;
    if (this.#origin !== undefined) this.#sent = this.#text ?? this.#textOrNothing();
  }

  /** Whether the data was changed after it was sent. */
  get hasLostChanges(): boolean {
    const saved = this.#sent ?? this.#origin;
    return saved !== undefined && !this.#is(saved);
  }

  #change(key: string): void {
    if (this.#origin !== undefined) return;
    this.#changes.record(this.#values, key);
    this.#text = undefined;
  }

  #writeOrigin(): string {
    if (this.#isNew) return this.#format.empty;
    if (!this.#changes.differFrom(this.#values)) return this.serialize();
    const origin = { ...this.#values };
    this.#changes.undo(origin);
    return this.#format.write(origin);
  }

  #is(text: string): boolean {
    const now = this.#textOrNothing();
    return now === text || (now !== '' && text !== '' && isSameData(this.#format, now, text));
  }

  /** Data that cannot be written gives the empty text, which equals no data. */
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

/** Freezes an object and all that it holds. */
function deepFreeze<T extends object>(value: T): T {
  // An object that is frozen already was visited before; the elements of a typed array cannot be frozen.
  if (Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return value;
}
