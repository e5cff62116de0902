import { isLifetime, LONGEST_LIFETIME } from '../codec/lifetime.js';
import { remedyFor } from './suggestion.js';
import { optionError, type OptionName } from './option-error.js';

/** Whether an option's value is possible, and what to do if it is not: the last sentence of the error. */
export type Rule = readonly [isMet: (value: unknown) => boolean, remedy: string];

/** Rules by option name. */
export type RuleTable<T> = { readonly [K in keyof Required<T>]: Rule };

/** Any value: for options that are checked elsewhere. */
export const ANYTHING: Rule = [() => true, ''];
/** `true` or `false`. */
export const FLAG = oneOf(true, false);
/** A function. */
export const FUNCTION: Rule = [(value) => typeof value === 'function', 'Give a function.'];
/** A lifetime in whole seconds. */
export const LIFETIME: Rule = [isLifetime, `Give a whole number of seconds from 1 to ${LONGEST_LIFETIME}.`];

/** The name of a cookie: a token (RFC 6265 §4.1.1, RFC 2616 §2.2). */
export const COOKIE_NAME: Rule = [
  matches(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/),
  "Use at most 128 letters, digits and !#$%&'*+-.^_`|~ only.",
];

/** The rule that a value is one of `values`. */
export function oneOf(...values: readonly unknown[]): Rule {
  const list = values.map((value) => JSON.stringify(value)).join(' or ');
  return [(value) => values.includes(value), `Give ${list}.`];
}

/** Whether a value is a string that matches `pattern`. */
export function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value);
}

/**
 * Checks each option against its rule. An option that is `undefined` counts as missing.
 *
 * @param nameOf names an option in errors
 * @returns a copy without a prototype: a property of a polluted `Object.prototype` is not an option
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN` or `ERR_SESSION_OPTION_INVALID`, naming the option and the remedy
 */
export function checkOptions<T extends object>(options: T, rules: RuleTable<T>, nameOf: OptionName): T {
  const checked = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(rules, name)) {
      const remedy = remedyFor(name, Object.keys(rules));
      throw optionError('ERR_SESSION_OPTION_UNKNOWN', nameOf(name), 'it does not exist', remedy);
    }
    const [isMet, remedy] = rules[name as keyof T];
    if (!isMet(value)) {
      throw optionError('ERR_SESSION_OPTION_INVALID', nameOf(name), 'its value is not possible', remedy);
    }
    checked[name] = value;
  }
  return checked as T;
}
