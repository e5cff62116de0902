import { isLifetime, LONGEST_LIFETIME } from '../codec/lifetime.js';
import { SessionError } from '../session.errors.js';

/** What every foreign format can be told. */
export interface ForeignOptions {
  /** The name of the cookie. @default the module's `cookieName` */
  readonly cookieName?: string;
  /**
   * Takes a secret below 32 bytes, because the other side has one. Whoever guesses it writes any session, so replace it.
   *
   * @default false
   */
  readonly allowShortSecret?: boolean;
}

/** What a secret of the other side may be: text, which counts as UTF-8, or bytes. */
export type ForeignSecret = string | Uint8Array;

/** RFC 2104 §3: below the length of the hash's output a key makes an HMAC weaker; the same 32 bytes as our own. */
const MIN_SECRET_LENGTH = 32;

/**
 * The options of one format, each checked as it is taken.
 *
 * @throws SessionError *Cannot use the option "…" of …: why. What to do.*
 */
export class OptionsReader {
  readonly #factory: string;
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(factory: string, options: unknown, names: readonly string[]) {
    this.#factory = factory;
    if (typeof options !== 'object' || options === null) {
      throw new SessionError(
        'ERR_SESSION_OPTION_INVALID',
        `Cannot use the format ${factory}(): its options are not an object. Give at least { ${names[0]} }.`,
      );
    }
    this.#options = options as Readonly<Record<string, unknown>>;
    const all = [...names, 'cookieName', 'allowShortSecret'];
    const unknown = Object.keys(options).find((name) => !all.includes(name));
    if (unknown !== undefined) {
      throw this.error(
        'ERR_SESSION_OPTION_UNKNOWN',
        unknown,
        'there is none of that name',
        `There are ${all.join(', ')}.`,
      );
    }
    const { allowShortSecret } = this.#options;
    if (allowShortSecret !== undefined && typeof allowShortSecret !== 'boolean') {
      throw this.error('ERR_SESSION_OPTION_INVALID', 'allowShortSecret', 'it is no flag', 'Give true or false.');
    }
  }

  /** An RFC 6265 token, as the module's own `cookieName`. */
  cookieName(): string | undefined {
    const { cookieName } = this.#options;
    if (cookieName === undefined) return undefined;
    if (typeof cookieName === 'string' && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/.test(cookieName)) return cookieName;
    const remedy = "Use at most 128 letters, digits and !#$%&'*+-.^_`|~ only.";
    throw this.error('ERR_SESSION_OPTION_INVALID', 'cookieName', 'its value is not possible', remedy);
  }

  /** @param fallback the other side's own default, in seconds */
  maxAge(fallback?: number): number | undefined {
    const { maxAge = fallback } = this.#options;
    if (maxAge === undefined || isLifetime(maxAge)) return maxAge;
    const remedy = `Give a whole number of seconds from 1 to ${LONGEST_LIFETIME}.`;
    throw this.error('ERR_SESSION_OPTION_INVALID', 'maxAge', 'its value is not possible', remedy);
  }

  /** One value out of a list; the first is the default. */
  oneOf<T extends string>(name: string, values: readonly [T, ...T[]]): T {
    const given = this.#options[name];
    if (given === undefined) return values[0];
    const value = values.find((candidate) => candidate === given);
    if (value !== undefined) return value;
    const remedy = `Give ${values.map((candidate) => `"${candidate}"`).join(' or ')}.`;
    throw this.error('ERR_SESSION_OPTION_INVALID', name, 'its value is not possible', remedy);
  }

  secret(name: string): Buffer {
    return this.#bytes(this.#options[name], name);
  }

  /** At least one secret, newest first. */
  secrets(name: string): readonly Buffer[] {
    const given = this.#options[name];
    if (given !== undefined && !Array.isArray(given)) {
      throw this.error('ERR_SESSION_OPTION_INVALID', name, 'it is no list', 'Give a list of keys, newest first.');
    }
    const list: readonly unknown[] = given ?? [];
    if (list.length === 0) throw this.#missing(name);
    return list.map((secret, index) => this.#bytes(secret, `${name}[${index}]`));
  }

  error(code: SessionError['code'], name: string, why: string, remedy: string): SessionError {
    return new SessionError(code, `Cannot use the option "${name}" of ${this.#factory}(): ${why}. ${remedy}`);
  }

  #bytes(secret: unknown, name: string): Buffer {
    if (secret === undefined || secret === null || secret === '') throw this.#missing(name);
    if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) {
      const remedy = 'Give the secret of the other side.';
      throw this.error('ERR_SESSION_OPTION_INVALID', name, 'it is neither a string nor a Buffer', remedy);
    }
    const bytes = Buffer.from(secret);
    if (bytes.length === 0) throw this.#missing(name);
    if (bytes.length >= MIN_SECRET_LENGTH || this.#options['allowShortSecret'] === true) return bytes;
    throw this.error(
      'ERR_SESSION_SECRET_TOO_SHORT',
      name,
      `it has ${bytes.length} bytes, and below ${MIN_SECRET_LENGTH} it may be guessed`,
      'Set allowShortSecret: true to take it all the same, and give the other side a longer one.',
    );
  }

  #missing(name: string): SessionError {
    return this.error(
      'ERR_SESSION_SECRET_MISSING',
      name,
      'it is missing or empty',
      'Give the secret of the other side.',
    );
  }
}
