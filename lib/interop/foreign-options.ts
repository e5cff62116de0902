import { quote } from '../data/quote.js';
import { optionError, type OptionName } from '../rules/option-error.js';
import {
  ANYTHING,
  checkOptions,
  COOKIE_NAME,
  FLAG,
  LIFETIME,
  type Rule,
  type RuleTable,
} from '../rules/check-options.js';
import { MIN_SECRET_LENGTH, secretBytes, type SessionSecret } from '../rules/secret-bytes.js';
import { SessionError } from '../session.errors.js';

/** Options that every foreign format has. */
export interface ForeignOptions {
  /** Name of the cookie. @default the module's `cookieName` */
  readonly cookieName?: string;
  /**
   * Accepts a secret shorter than 32 bytes, for another side that has one. Replace it soon: an attacker who guesses it
   * can forge any session.
   *
   * @default false
   */
  readonly allowShortSecret?: boolean;
  /**
   * The time from which on no cookie of this format is accepted. Needed where its cookies have no time of their own, because
   * a stolen one would be accepted for good; otherwise the module's `maxAge` counts since the cookie was issued.
   *
   * @default none
   */
  readonly acceptUntil?: Date;
}

/** As {@link ForeignOptions}, for a format whose cookies have no time. */
export interface TimelessOptions extends ForeignOptions {
  /** The time from which on no cookie of this format is accepted: a stolen one would be accepted for good. */
  readonly acceptUntil: Date;
}

/** A secret of the other side: a string, encoded as UTF-8, or bytes. */
export type ForeignSecret = SessionSecret;

/** Rules of the options that several formats have. `CheckedOptions.secret` checks `secretKey` and each of `keys`. */
export const FOREIGN_RULES = {
  secretKey: ANYTHING,
  keys: [Array.isArray, 'Give a list of keys, newest first.'],
  maxAge: LIFETIME,
} satisfies Record<string, Rule>;

const DATE: Rule = [
  (value) => value instanceof Date && !Number.isNaN(value.getTime()),
  'Give a Date, such as new Date("2030-01-01").',
];

const MISSING = 'Give the secret of the other side.';
const SHORT =
  'A short secret can be guessed: set allowShortSecret: true to accept it, and give the other side a longer one.';

/** The checked options of one format. */
export class CheckedOptions<T extends ForeignOptions> {
  /** The options as given, without those that are `undefined`. */
  readonly values: T;
  readonly #nameOf: OptionName;

  /**
   * @param factory name of the format's function, for error messages
   * @param rules the format's own rules, besides those of `cookieName` and `allowShortSecret`
   * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN` or `ERR_SESSION_OPTION_INVALID`
   */
  constructor(factory: string, options: T, rules: RuleTable<Omit<T, keyof ForeignOptions>>) {
    this.#nameOf = (option) => `the option ${quote(option)} of ${factory}()`;
    if (typeof options !== 'object' || options === null) {
      throw new SessionError(
        'ERR_SESSION_OPTION_INVALID',
        `Cannot use the format ${factory}(): its options are not an object. Give at least { ${Object.keys(rules)[0]} }.`,
      );
    }
    const table = { ...rules, cookieName: COOKIE_NAME, allowShortSecret: FLAG, acceptUntil: DATE };
    this.values = checkOptions(options, table as RuleTable<T>, this.#nameOf);
  }

  /** The option `acceptUntil` as a NumericDate. */
  get acceptUntil(): number | undefined {
    const { acceptUntil } = this.values;
    return acceptUntil && Math.ceil(acceptUntil.getTime() / 1000);
  }

  /** The same, for a format whose cookies have no time. @throws SessionError `ERR_SESSION_OPTION_INVALID` */
  get neededAcceptUntil(): number {
    const { acceptUntil } = this;
    if (acceptUntil !== undefined) return acceptUntil;
    const why = 'it is missing, and cookies of this format do not say when they end';
    throw this.error(
      'acceptUntil',
      why,
      'Give the time from which on none is accepted, such as new Date("2030-01-01").',
    );
  }

  /**
   * Returns the bytes of one secret.
   *
   * @throws SessionError `ERR_SESSION_SECRET_MISSING`, `ERR_SESSION_SECRET_TOO_SHORT` or `ERR_SESSION_OPTION_INVALID`
   */
  secret(option: string, secret: unknown): Buffer {
    const minLength = this.values.allowShortSecret === true ? 1 : MIN_SECRET_LENGTH;
    return secretBytes(secret, this.#nameOf(option), { missing: MISSING, short: SHORT }, minLength);
  }

  /** At least one secret, newest first. @throws as `secret` */
  secrets(option: string, secrets: readonly unknown[] = []): [newest: Buffer, ...older: Buffer[]] {
    if (secrets.length === 0) return [this.secret(option, undefined)];
    const [newest, ...older] = secrets;
    return [
      this.secret(`${option}[0]`, newest),
      ...older.map((secret, index) => this.secret(`${option}[${index + 1}]`, secret)),
    ];
  }

  /** An `ERR_SESSION_OPTION_INVALID` that names the option and the factory. */
  error(option: string, why: string, remedy: string): SessionError {
    return optionError('ERR_SESSION_OPTION_INVALID', this.#nameOf(option), why, remedy);
  }
}
