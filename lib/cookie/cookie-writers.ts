import { type CookieAttributes, SetCookieWriter } from './set-cookie.js';

/** Where a browser keeps a cookie, besides its name (RFC 6265 §5.3): one with another scope is another cookie. */
export interface CookieScope {
  /** @default none: the host itself, without sub-domains */
  readonly domain?: string | undefined;
  /** @default '/' */
  readonly path?: string | undefined;
}

/** The attributes that may differ from request to request; Secure is passed by itself. */
export type VaryingAttributes = Pick<CookieAttributes, 'domain' | 'sameSite'>;

/** Writes the Set-Cookie lines of all cookies of a session. Each writer is made when it is first needed. */
export class CookieWriters {
  readonly names: readonly [string, ...string[]];
  readonly #attributes: CookieAttributes;
  readonly #formerly: readonly CookieScope[];
  readonly #writers = new Map<string, SetCookieWriter>();
  readonly #deleters = new Map<string, readonly SetCookieWriter[]>();
  readonly #variants = new WeakMap<VaryingAttributes, CookieWriters>();

  /**
   * @param names all names that the cookies of the session may have
   * @param formerly scopes that the cookies have had
   * @throws TypeError for a name or an attribute that cannot be written
   */
  constructor(
    names: readonly [string, ...string[]],
    attributes: CookieAttributes,
    formerly: readonly CookieScope[] = [],
  ) {
    this.names = names;
    this.#attributes = withoutPrototype(attributes);
    this.#formerly = formerly.map(withoutPrototype);
    this.writer(names[0]);
  }

  /** The writers for attributes of one request, or these. @param varying the same object for the same values */
  with(varying: VaryingAttributes | undefined): CookieWriters {
    if (varying === undefined) return this;
    let variant = this.#variants.get(varying);
    if (variant === undefined) {
      variant = new CookieWriters(this.names, { ...this.#attributes, ...varying }, this.#formerly);
      this.#variants.set(varying, variant);
    }
    return variant;
  }

  writer(name: string): SetCookieWriter {
    let writer = this.#writers.get(name);
    if (writer === undefined) this.#writers.set(name, (writer = new SetCookieWriter(name, this.#attributes)));
    return writer;
  }

  /** Lines that delete those cookies of ours that are called `names`, in every scope that they may have. */
  delete(names: readonly string[], secure: boolean): string[] {
    if (names.length === 0) return [];
    return this.names
      .filter((name) => names.includes(name))
      .flatMap((name) => this.#deletersOf(name).map((writer) => writer.delete(secure)));
  }

  #deletersOf(name: string): readonly SetCookieWriter[] {
    let deleters = this.#deleters.get(name);
    if (deleters === undefined) {
      const { path, domain } = this.#attributes;
      // Without its Domain a cookie was the host's own.
      const others = [{ path, domain: undefined }, ...this.#formerly].filter(
        (scope) => !isSameScope(scope, { path, domain }),
      );
      const scopes = others.filter((scope, index) => index === others.findIndex((other) => isSameScope(scope, other)));
      deleters = [this.writer(name), ...scopes.map((scope) => this.#former(name, scope))];
      this.#deleters.set(name, deleters);
    }
    return deleters;
  }

  #former(name: string, { domain, path = '/' }: CookieScope): SetCookieWriter {
    const { domain: _, ...attributes } = this.#attributes;
    return new SetCookieWriter(name, { ...attributes, path, ...(domain !== undefined && { domain }) });
  }
}

/** Without a prototype: a property of a polluted `Object.prototype` is not an attribute. */
function withoutPrototype<T extends object>(value: T): T {
  return Object.assign(Object.create(null) as T, value);
}

function isSameScope(a: CookieScope, b: CookieScope): boolean {
  return domainOf(a) === domainOf(b) && (a.path ?? '/') === (b.path ?? '/');
}

/** Browsers ignore a leading dot and upper case (RFC 6265 §5.2.3). */
function domainOf({ domain }: CookieScope): string | undefined {
  return domain?.replace(/^\./, '').toLowerCase();
}
