import { isSameData, serializeData } from './codec/data.js';
import type { SessionRecord } from './codec/session-codec.js';

/** The text of a session without data. */
const EMPTY = '{}';

/**
 * The data of a session and what became of it, judged by content and not by calls: what was changed and changed back
 * is unchanged, and a change deep inside counts.
 *
 * A text of the data is taken before anybody gets hold of something that could be changed. As long as nobody did,
 * nothing is compared.
 */
export class SessionContent {
  /** The same object for the whole request: somebody may hold it. */
  readonly data: SessionRecord;
  readonly #isNew: boolean;
  /** As it came. */
  #origin: string | undefined;
  /** As the headers took it along. */
  #settled: string | undefined;

  #frozen: SessionRecord | undefined;

  /** @param data what came, or `undefined` for a new session */
  constructor(data: SessionRecord | undefined) {
    this.data = data ?? {};
    this.#isNew = data === undefined;
  }

  /** The data, for somebody who may change it. */
  expose(): SessionRecord {
    this.#origin ??= this.#isNew ? EMPTY : JSON.stringify(this.data);
    return this.data;
  }

  /** A copy that cannot be changed, for where a change could not be saved. */
  get frozen(): SessionRecord {
    return (this.#frozen ??= deepFreeze(structuredClone(this.data)));
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
    Object.assign(this.data, JSON.parse(this.#origin));
  }

  /** @throws SessionError `ERR_SESSION_NOT_SERIALIZABLE` */
  serialize(): string {
    return serializeData(this.data);
  }

  get isEmpty(): boolean {
    return Object.keys(this.data).length === 0;
  }

  /** What cannot be written as JSON did not come in a cookie, so it is a change. */
  get isModified(): boolean {
    return this.#origin !== undefined && !this.#is(this.#origin);
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
    return isSameData(this.#textOrNothing(), text);
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
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
