import { chunkName, joinChunks, MAX_CHUNKS, presentIndices } from './chunks.js';
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
  /** One for each name that may have to be written or deleted. */
  readonly #writers: readonly SetCookieWriter[];

  /** @throws TypeError where the name or an attribute cannot be written */
  constructor(name: string, attributes: CookieAttributes, limits: CookieLimits) {
    this.#name = name;
    this.#limits = limits;
    const names = Array.from({ length: MAX_CHUNKS }, (_, index) => chunkName(name, index));
    this.#writers = names.map((chunk) => new SetCookieWriter(chunk, attributes));
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

  /** Whether a Cookie header has any cookie of ours, valid or not. */
  isIn(header: string | undefined): boolean {
    return presentIndices(header, this.#name).length > 0;
  }

  /**
   * @param maxAge in seconds; without it the browser forgets the cookie when it closes
   * @param header the Cookie header that came: what it has of ours beyond the new cookies is deleted
   */
  serialize(token: string, maxAge: number | undefined, secure: boolean, header: string | undefined): SerializedCookie {
    const lines: string[] = [];
    let size = 0;
    let rest = token;
    for (const writer of this.#writers.slice(0, this.#limits.count)) {
      const whole = writer.serialize(rest, maxAge, secure);
      const fits = rest.length - Math.max(whole.length - MAX_COOKIE_SIZE, 0);
      const line = fits === rest.length ? whole : writer.serialize(rest.slice(0, fits), maxAge, secure);
      lines.push(line);
      size += line.length;
      rest = rest.slice(fits);
      if (rest === '') break;
    }
    if (rest !== '' || size > this.#limits.size) return { ok: false, size: size + rest.length };
    return { ok: true, lines: [...lines, ...this.#deleteFrom(lines.length, secure, header)] };
  }

  /** Lines that make the browser forget every cookie of ours that it has sent. */
  delete(secure: boolean, header: string | undefined): string[] {
    return this.#deleteFrom(0, secure, header);
  }

  #deleteFrom(start: number, secure: boolean, header: string | undefined): string[] {
    const present = new Set(presentIndices(header, this.#name).filter((index) => index >= start));
    return this.#writers.filter((_, index) => present.has(index)).map((writer) => writer.delete(secure));
  }
}
