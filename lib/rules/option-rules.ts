import { isLifetime, LONGEST_LIFETIME } from '../codec/lifetime.js';
import { optionError, type OptionName } from './option-error.js';

/** What the value of an option may be, and what to do where it is something else. */
export type Rule = readonly [isMet: (value: unknown) => boolean, remedy: string];

/** The rules of options, by the names of these. */
export type RuleTable<T> = { readonly [K in keyof Required<T>]: Rule };

export const ANYTHING: Rule = [() => true, ''];
export const FLAG = oneOf(true, false);
export const FUNCTION: Rule = [(value) => typeof value === 'function', 'Give a function.'];
export const LIFETIME: Rule = [isLifetime, `Give a whole number of seconds from 1 to ${LONGEST_LIFETIME}.`];

/** A token of RFC 6265 §4.1.1. */
export const COOKIE_NAME: Rule = [
  matches(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/),
  "Use at most 128 letters, digits and !#$%&'*+-.^_`|~ only.",
];

export function oneOf(...values: readonly unknown[]): Rule {
  const list = values.map((value) => JSON.stringify(value)).join(' or ');
  return [(value) => values.includes(value), `Give ${list}.`];
}

export function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value);
}

/**
 * Checks each option by its rule. An option that is `undefined` counts as not given.
 *
 * @returns the given options, without a prototype: a property of a polluted `Object.prototype` is no option
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN` or `ERR_SESSION_OPTION_INVALID`, naming the option and the remedy
 */
export function checkOptions<T extends object>(given: T, rules: RuleTable<T>, nameOf: OptionName): T {
  const checked = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(rules, name)) {
      const remedy = `The options are ${Object.keys(rules).join(', ')}.`;
      throw optionError('ERR_SESSION_OPTION_UNKNOWN', nameOf(name), 'there is none of that name', remedy);
    }
    const [isMet, remedy] = rules[name as keyof T];
    if (!isMet(value)) {
      throw optionError('ERR_SESSION_OPTION_INVALID', nameOf(name), 'its value is not possible', remedy);
    }
    checked[name] = value;
  }
  return checked as T;
}
