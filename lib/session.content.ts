import { type DataFormat, isSameText, largestKeys } from './codec/data-format.js';
import type { SessionRecord } from './codec/session-codec.js';

/**
 * The data of a session and what became of it, judged by content and not by calls: what was changed and changed back
 * is unchanged, and a change deep inside counts.
 *
 * A text of the data is taken before anybody gets hold of something that could be changed. As long as nobody did,
 * nothing is compared.
 */
export class SessionContent {
  #data: SessionRecord;
  readonly #format: DataFormat;
  readonly #isNew: boolean;
  /** As it came. */
  #origin: string | undefined;
  /** As the headers took it along. */
  #settled: string | undefined;

  #frozen: SessionRecord | undefined;

  /** @param data what came, or `undefined` for a new session */
  constructor(data: SessionRecord | undefined, format: DataFormat) {
    this.#data = data ?? {};
    this.#format = format;
    this.#isNew = data === undefined;
  }

  /** The same object for the whole request, unless it is `detach`ed: somebody may hold it. */
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
    this.#origin ??= this.#format.write(this.#isNew ? {} : this.data);
    return this.data;
  }

  /** A copy that cannot be changed, for where a change could not be saved. */
  get frozen(): SessionRecord {
    return (this.#frozen ??= deepFreeze(this.#format.read(this.serialize())));
  }

  /** Removes all keys but those in `keep`. */
  clear(keep: readonly string[] = []): void {
    const data = this.expose();
    for (const key of Object.keys(data)) if (!keep.includes(key)) delete data[key];
  }

  /** Back to what came. */
  rollback(): void {
    if (this.#origin === undefined) return;
    this.clear();
    Object.assign(this.data, this.#format.read(this.#origin));
  }

  /** @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` */
  serialize(): string {
    return this.#format.write(this.data);
  }

  /** Whether nothing would be left of `text`: values that the format does not write are none. */
  isEmptyText(text: string): boolean {
    return text === this.#format.write({});
  }

  /**
   * The data as text if it differs from what came.
   * @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE`
   */
  modifiedText(): string | undefined {
    if (this.#origin === undefined) return undefined;
    const text = this.serialize();
    return isSameText(this.#format, text, this.#origin) ? undefined : text;
  }

  /** What cannot be serialized did not come in a cookie, so it is a change. */
  get isModified(): boolean {
    return this.#origin !== undefined && !this.#is(this.#origin);
  }

  /** Names what takes the most room, for the error of a session that is too large. */
  get largestKeys(): string {
    return largestKeys(this.#format, this.data);
  }

  /** The headers are leaving: what is changed from now on is lost. */
  settle(): void {
    if (this.#origin !== undefined) this.#settled = this.#textOrNothing();
  }

  /** Whether anything was changed since the headers left. */
  get hasLostChanges(): boolean {
    const saved = this.#settled ?? this.#origin;
    return saved !== undefined && !this.#is(saved);
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

function deepFreeze<T extends object>(value: T): T {
  // What is frozen already was met before, if it contains itself; the elements of a typed array cannot be.
  if (Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return value;
}
