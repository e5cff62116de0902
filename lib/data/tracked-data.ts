import { changedPaths } from './changed-paths.js';
import type { DataFormat } from './data-format.js';
import { deepFreeze } from './deep-freeze.js';
import { copyJson } from './json-data.js';
import type { SessionRecord } from './session-data.js';

/** The original data of a new session. */
const NOTHING: SessionRecord = Object.freeze({});

/**
 * The data of a session and its changes, judged by content and not by calls: a value that was changed and changed back is
 * unchanged, and a change deep inside counts.
 *
 * The original data is not changed, because other requests with the same cookie may have it too: a change of a primitive
 * makes a shallow copy, and changes are found by comparing values. Before a caller gets an object of it, the data is
 * `share`d: a deep copy if it is not this session's alone, and from then on texts are compared.
 */
export class TrackedData {
  readonly #original: SessionRecord;
  readonly #format: DataFormat;
  readonly #isCommon: boolean;
  #values: SessionRecord;
  #isShared = false;
  #originalText: string | undefined;
  /** The last text; while the data is not shared, until the next change. */
  #text: string | undefined;
  #isSent = false;
  /** The text that was sent with the headers; only once the data is shared. */
  #sentText: string | undefined;
  #readonlyCopy: SessionRecord | undefined;

  /**
   * @param data the data of the cookie, or `undefined` for a new session
   * @param isCommon whether other requests may have the same object, which is parsed JSON then
   */
  constructor(data: SessionRecord | undefined, format: DataFormat, isCommon = false) {
    this.#original = data ?? NOTHING;
    this.#values = this.#original;
    this.#format = format;
    this.#isCommon = isCommon;
  }

  // As values

  /** For reading, and never handed out. */
  get values(): SessionRecord {
    return this.#values;
  }

  /** Whether a caller has the data and may change it without a call of this class. */
  get isShared(): boolean {
    return this.#isShared;
  }

  /** The data for a caller that may change it: the same object for the whole request, unless it is `replace`d. */
  share(): SessionRecord {
    if (this.#isShared) return this.#values;
    if (this.#isSent) this.#sentText = this.#textOrNothing();
    if (this.#isCommon) {
      this.#values = copyJson(this.#values);
    } else {
      // Handed out as it is, because a schema or a serializer may have made Dates and instances of it. The text is made now,
      // before a caller changes it.
      void this.originalText;
      if (this.#values === NOTHING) this.#values = {};
    }
    this.#isShared = true;
    this.#text = undefined;
    return this.#values;
  }

  /** Goes on with a new, empty object and leaves the old one unchanged, as express-session does. */
  replace(): void {
    this.share();
    this.#values = {};
  }

  set(key: string, value: unknown): void {
    if (isPrimitive(value)) this.#writable()[key] = value;
    else this.share()[key] = value;
  }

  /** @returns whether the key existed */
  delete(key: string): boolean {
    return Object.hasOwn(this.#values, key) && delete this.#writable()[key];
  }

  /** Removes a value and returns it; `fallback` where there is none. */
  pop(key: string, fallback: unknown): unknown {
    if (!Object.hasOwn(this.#values, key)) return fallback;
    const value = isPrimitive(this.#values[key]) ? this.#values[key] : this.share()[key];
    this.delete(key);
    return value;
  }

  /** Removes all keys but those in `keep`. */
  clear(keep: readonly string[] = []): void {
    for (const key of Object.keys(this.#values)) if (!keep.includes(key)) this.delete(key);
  }

  /** Restores the original data. */
  rollback(): void {
    this.#text = undefined;
    if (!this.#isShared) {
      this.#values = this.#original;
      return;
    }
    this.clear();
    Object.assign(this.#values, this.#isCommon ? copyJson(this.#original) : this.#format.read(this.originalText));
  }

  /** A deeply frozen copy, for where a change could not be saved. */
  get readonlyCopy(): SessionRecord {
    return (this.#readonlyCopy ??= deepFreeze(
      this.#isCommon ? copyJson(this.#values) : this.#format.read(this.serialize()),
    ));
  }

  /** The values for a change by a method of this class. */
  #writable(): SessionRecord {
    this.#text = undefined;
    if (!this.#isShared && this.#values === this.#original) this.#values = { ...this.#original };
    return this.#values;
  }

  // As text

  /** The data that came, as text. */
  get originalText(): string {
    return (this.#originalText ??=
      this.#original === NOTHING ? this.#format.empty : this.#format.write(this.#original));
  }

  /** @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE` */
  serialize(): string {
    if (this.#isShared) this.#text = undefined;
    return (this.#text ??= this.#format.write(this.#values));
  }

  /** Whether `text` holds no values: those that the format does not write do not count. */
  isEmptyText(text: string): boolean {
    return text === this.#format.empty;
  }

  /**
   * The data as text if it differs from the original.
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` or `ERR_SESSION_TOO_LARGE`
   */
  modifiedText(): string | undefined {
    if (!this.#isShared) return this.#hasOtherValues() ? this.serialize() : undefined;
    const text = this.serialize();
    return this.#format.isSame(text, this.originalText) ? undefined : text;
  }

  /** Data that cannot be written did not come in a cookie, so it is a change. */
  get isModified(): boolean {
    return this.#isShared ? !this.#isText(this.originalText) : this.#hasOtherValues();
  }

  /** The keys that take the most room, for the error of a session that is too large. */
  get largestKeys(): string {
    return this.#format.largestKeys(this.#values);
  }

  // What was sent

  /** Call it when the headers take the last text along: later changes are lost. */
  markSent(): void {
    this.#isSent = true;
    if (this.#isShared) this.#sentText = this.#text ?? this.#textOrNothing();
  }

  /** Whether the data was changed after it was sent. */
  get hasLostChanges(): boolean {
    return this.#isShared && !this.#isText(this.#sentText ?? this.originalText);
  }

  /** The paths at which the data was changed after it was sent; none where the data that was sent is not known. */
  lostPaths(limit: number): string[] {
    const sent = this.#sentText ?? this.originalText;
    return sent === '' ? [] : changedPaths(this.#format, this.#format.read(sent), this.#values, limit);
  }

  #hasOtherValues(): boolean {
    if (this.#values === this.#original) return false;
    const keys = Object.keys(this.#values);
    if (keys.length !== Object.keys(this.#original).length) return true;
    return keys.some((key) => !Object.hasOwn(this.#original, key) || this.#values[key] !== this.#original[key]);
  }

  #isText(text: string): boolean {
    const now = this.#textOrNothing();
    return now === text || (now !== '' && text !== '' && this.#format.isSame(now, text));
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

/** Whether a value cannot be changed from outside, and JSON carries it as it is. */
function isPrimitive(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      // A serializer may tell -0 from 0, which `===` does not.
      return Number.isFinite(value) && !Object.is(value, -0);
    default:
      return value === null;
  }
}
