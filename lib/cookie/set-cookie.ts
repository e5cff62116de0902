import { type SetCookie, stringifySetCookie } from 'cookie';

/** The most bytes of a Set-Cookie line: browsers drop a larger cookie without a word (RFC 6265 §6.1). */
export const MAX_COOKIE_SIZE = 4096;

/** Where a cookie applies and who may see it: the attributes that never change (RFC 6265 §4.1.2, RFC 6265bis, CHIPS). */
export type CookieAttributes = Omit<SetCookie, 'name' | 'value' | 'maxAge' | 'expires' | 'secure'>;

/**
 * Writes the Set-Cookie lines of one cookie.
 *
 * What never changes between two responses is written once, by the `cookie` package; only value and Max-Age are new.
 */
export class SetCookieWriter {
  readonly #name: string;
  readonly #attributes: { readonly secure: string; readonly insecure: string };
  readonly #deletion: { readonly secure: string; readonly insecure: string };

  /** @throws TypeError where the `cookie` package finds a name or an attribute that cannot be written */
  constructor(name: string, attributes: CookieAttributes) {
    const write = (secure: boolean, more: Partial<SetCookie> = {}) =>
      stringifySetCookie(withoutPrototype({ ...attributes, ...more, name, value: '', secure }));
    const gone = { maxAge: 0, expires: new Date(0) };
    this.#name = name;
    this.#attributes = { secure: write(true).slice(name.length + 1), insecure: write(false).slice(name.length + 1) };
    this.#deletion = { secure: write(true, gone), insecure: write(false, gone) };
  }

  /**
   * @param value in cookie octets (RFC 6265 §4.1.1), written as it is
   * @param maxAge in seconds; without it the browser forgets the cookie when it closes
   */
  serialize(value: string, maxAge: number | undefined, secure: boolean): string {
    const lifetime = maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
    return `${this.#name}=${value}${lifetime}${secure ? this.#attributes.secure : this.#attributes.insecure}`;
  }

  /** A line that makes the browser forget the cookie: it needs the same name, domain and path (RFC 6265 §5.3). */
  delete(secure: boolean): string {
    return secure ? this.#deletion.secure : this.#deletion.insecure;
  }
}

/** What `Object.prototype` was polluted with is no attribute. */
function withoutPrototype(cookie: SetCookie): SetCookie {
  return Object.assign(Object.create(null) as SetCookie, cookie);
}
