import { chunkName, joinChunks, MAX_CHUNKS, presentChunks } from './chunks.js';
import { readCookies } from './cookie-header.js';
import { type CookieAttributes, MAX_COOKIE_SIZE, SetCookieWriter } from './set-cookie.js';

/** The Set-Cookie lines of a token, or their size in bytes if it is above the limit. */
export type SerializedCookie =
  { readonly ok: true; readonly lines: readonly string[] } | { readonly ok: false; readonly size: number };

/** Size limits of a session. */
export interface CookieLimits {
  /** Maximum number of cookies. */
  readonly count: number;
  /** Maximum size in bytes of all cookies together. */
  readonly size: number;
}

/** The cookie that carries the token, or several if the token is too long for one. */
export class SessionCookie {
  readonly #name: string;
  readonly #limits: CookieLimits;
  readonly #first: SetCookieWriter;
  /** One for each name that may be written or deleted, by that name. */
  readonly #writers: ReadonlyMap<string, SetCookieWriter>;

  /** @throws TypeError for a name or an attribute that cannot be written */
  constructor(name: string, attributes: CookieAttributes, limits: CookieLimits) {
    this.#name = name;
    this.#limits = limits;
    const names = Array.from({ length: MAX_CHUNKS }, (_, index) => chunkName(name, index));
    this.#first = new SetCookieWriter(name, attributes);
    this.#writers = new Map(names.map((chunk) => [chunk, new SetCookieWriter(chunk, attributes)]));
  }

  /** Size limits of the session. */
  get limits(): CookieLimits {
    return this.#limits;
  }

  /** Candidates for the token in a Cookie header, most likely first; at most 16. */
  read(header: string | undefined): Iterable<string> {
    // An empty value is kept: it is a cookie too, and reported as malformed.
    if (this.#limits.count === 1) return readCookies(header, this.#name);
    return joinChunks(header, this.#name, this.#limits.count);
  }

  /** Names of our cookies in a Cookie header, valid or not. */
  namesIn(header: string | undefined): string[] {
    return presentChunks(header, this.#name);
  }

  /**
   * Writes a token as Set-Cookie lines.
   *
   * @param maxAge in seconds; `undefined` for a cookie that ends with the browser
   * @param header the request's Cookie header: those of our cookies in it that are not written again are deleted
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

  /** Set-Cookie lines that delete the cookies called `names`. */
  delete(names: readonly string[], secure: boolean): string[] {
    if (names.length === 0) return [];
    const wanted = new Set(names);
    return [...this.#writers].filter(([name]) => wanted.has(name)).map(([, writer]) => writer.delete(secure));
  }
}
