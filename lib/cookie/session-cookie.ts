import { chunkName, joinChunks, MAX_CHUNKS, presentChunks } from './chunks.js';
import { readCookies } from './cookie-header.js';
import { type CookieAttributes, MAX_COOKIE_SIZE, SetCookieWriter } from './set-cookie.js';

/** A token as Set-Cookie lines, or the size in bytes that they would have, where that is too much. */
export type SerializedCookie =
  { readonly ok: true; readonly lines: readonly string[] } | { readonly ok: false; readonly size: number };

/** How large a session may be. */
export interface CookieLimits {
  /** How many cookies it may be spread over. */
  readonly count: number;
  /** The most bytes of all of them together. */
  readonly size: number;
}

/** The cookie that carries the token: one, or several where the token is too long for one. */
export class SessionCookie {
  readonly #name: string;
  readonly #limits: CookieLimits;
  readonly #first: SetCookieWriter;
  /** One for each name that may have to be written or deleted. */
  readonly #writers: ReadonlyMap<string, SetCookieWriter>;

  /** @throws TypeError where the name or an attribute cannot be written */
  constructor(name: string, attributes: CookieAttributes, limits: CookieLimits) {
    this.#name = name;
    this.#limits = limits;
    const names = Array.from({ length: MAX_CHUNKS }, (_, index) => chunkName(name, index));
    this.#first = new SetCookieWriter(name, attributes);
    this.#writers = new Map(names.map((chunk) => [chunk, new SetCookieWriter(chunk, attributes)]));
  }

  get limits(): CookieLimits {
    return this.#limits;
  }

  /** What may be the token in a Cookie header, most likely first; never more than 16. */
  read(header: string | undefined): Iterable<string> {
    // An empty value is not skipped here: it is a cookie all the same, and a malformed one.
    if (this.#limits.count === 1) return readCookies(header, this.#name);
    return joinChunks(header, this.#name, this.#limits.count);
  }

  /** Which cookies of ours a Cookie header has, valid or not. */
  namesIn(header: string | undefined): string[] {
    return presentChunks(header, this.#name);
  }

  /**
   * @param maxAge in seconds; without it the browser forgets the cookie when it closes
   * @param header the Cookie header that came: what it has of ours beyond the new cookies is deleted
   */
  serialize(token: string, maxAge: number | undefined, secure: boolean, header: string | undefined): SerializedCookie {
    const line = this.#first.serialize(token, maxAge, secure);
    const hasSurplus = header !== undefined && header.includes(`${this.#name}.`);
    return line.length <= MAX_COOKIE_SIZE && !hasSurplus
      ? { ok: true, lines: [line] }
      : this.#spread(token, maxAge, secure, header);
  }

  #spread(token: string, maxAge: number | undefined, secure: boolean, header: string | undefined): SerializedCookie {
    const lines: string[] = [];
    const used = new Set<string>();
    let size = 0;
    let rest = token;
    for (const [name, writer] of this.#writers) {
      if (used.size === this.#limits.count) break;
      used.add(name);
      const whole = writer.serialize(rest, maxAge, secure);
      const fits = rest.length - Math.max(whole.length - MAX_COOKIE_SIZE, 0);
      const line = fits === rest.length ? whole : writer.serialize(rest.slice(0, fits), maxAge, secure);
      lines.push(line);
      size += line.length;
      rest = rest.slice(fits);
      if (rest === '') break;
    }
    if (rest !== '' || size > this.#limits.size) return { ok: false, size: size + rest.length };
    const surplus = this.namesIn(header).filter((name) => !used.has(name));
    return { ok: true, lines: [...lines, ...this.delete(surplus, secure)] };
  }

  /** Lines that make the browser forget the cookies called `names`. */
  delete(names: readonly string[], secure: boolean): string[] {
    if (names.length === 0) return [];
    const wanted = new Set(names);
    return [...this.#writers].filter(([name]) => wanted.has(name)).map(([, writer]) => writer.delete(secure));
  }
}
