import { type SetCookie, stringifySetCookie } from 'cookie';

/** Maximum size of a Set-Cookie line in bytes: browsers silently drop a larger cookie (RFC 6265 §6.1). */
export const MAX_COOKIE_SIZE = 4096;

/** The attributes that are the same in every response (RFC 6265 §4.1.2, RFC 6265bis, CHIPS). */
export type CookieAttributes = Omit<SetCookie, 'name' | 'value' | 'maxAge' | 'expires' | 'secure'>;

/**
 * Writes the Set-Cookie lines of one cookie.
 *
 * The `cookie` package writes the constant part once, at start; value and Max-Age are added for each response.
 */
export class SetCookieWriter {
  readonly #name: string;
  readonly #attributes: { readonly secure: string; readonly insecure: string };
  readonly #deletion: { readonly secure: string; readonly insecure: string };

  /** @throws TypeError if the `cookie` package refuses the name or an attribute */
  constructor(name: string, attributes: CookieAttributes) {
    const write = (secure: boolean, more: Partial<SetCookie> = {}) =>
      stringifySetCookie(withoutPrototype({ ...attributes, ...more, name, value: '', secure }));
    const expired = { maxAge: 0, expires: new Date(0) };
    this.#name = name;
    this.#attributes = { secure: write(true).slice(name.length + 1), insecure: write(false).slice(name.length + 1) };
    this.#deletion = { secure: write(true, expired), insecure: write(false, expired) };
  }

  /**
   * Writes the Set-Cookie line for a value.
   *
   * @param value cookie octets (RFC 6265 §4.1.1), written without encoding
   * @param maxAge in seconds; `undefined` for a cookie that ends with the browser
   */
  serialize(value: string, maxAge: number | undefined, secure: boolean): string {
    const lifetime = maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
    return `${this.#name}=${value}${lifetime}${secure ? this.#attributes.secure : this.#attributes.insecure}`;
  }

  /** The Set-Cookie line that deletes the cookie: browsers match name, domain and path (RFC 6265 §5.3). */
  delete(secure: boolean): string {
    return secure ? this.#deletion.secure : this.#deletion.insecure;
  }
}

/** Without a prototype: a property of a polluted `Object.prototype` is not an attribute. */
function withoutPrototype(cookie: SetCookie): SetCookie {
  return Object.assign(Object.create(null) as SetCookie, cookie);
}
