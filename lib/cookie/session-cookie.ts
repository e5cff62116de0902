import { chunkName, joinChunks, MAX_CHUNKS, presentChunks } from './chunks.js';
import { readCookies } from './cookie-header.js';
import { type CookieScope, CookieWriters, type VaryingAttributes } from './cookie-writers.js';
import { type CookieAttributes, MAX_COOKIE_SIZE } from './set-cookie.js';

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
  /** All names that the session's cookies may have. */
  readonly names: readonly [string, ...string[]];
  readonly #name: string;
  readonly #limits: CookieLimits;
  readonly #writers: CookieWriters;

  /**
   * @param formerly scopes that the cookies have had
   * @throws TypeError for a name or an attribute that cannot be written
   */
  constructor(name: string, attributes: CookieAttributes, limits: CookieLimits, formerly: readonly CookieScope[] = []) {
    this.#name = name;
    this.#limits = limits;
    this.names = [name, ...Array.from({ length: MAX_CHUNKS - 1 }, (_, index) => chunkName(name, index + 1))];
    this.#writers = new CookieWriters(this.names, attributes, formerly);
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
   * @param varying attributes of this request
   */
  serialize(
    token: string,
    maxAge: number | undefined,
    secure: boolean,
    header: string | undefined,
    varying?: VaryingAttributes,
  ): SerializedCookie {
    const writers = this.#writers.with(varying);
    const line = writers.writer(this.#name).serialize(token, maxAge, secure);
    const hasSurplus = header !== undefined && header.includes(`${this.#name}.`);
    return line.length <= Math.min(MAX_COOKIE_SIZE, this.#limits.size) && !hasSurplus
      ? { ok: true, lines: [line] }
      : this.#spread(writers, token, maxAge, secure, header);
  }

  #spread(
    writers: CookieWriters,
    token: string,
    maxAge: number | undefined,
    secure: boolean,
    header: string | undefined,
  ): SerializedCookie {
    const lines: string[] = [];
    const used = new Set<string>();
    let size = 0;
    let rest = token;
    for (const name of this.names) {
      const writer = writers.writer(name);
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
    return { ok: true, lines: [...lines, ...writers.delete(surplus, secure)] };
  }

  /** Set-Cookie lines that delete the cookies called `names`, in every scope that they may have. */
  delete(names: readonly string[], secure: boolean, varying?: VaryingAttributes): string[] {
    return names.length === 0 ? [] : this.#writers.with(varying).delete(names, secure);
  }
}
