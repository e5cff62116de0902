import type { IncomingMessage } from 'node:http';
import type { VaryingAttributes } from '../cookie/cookie-writers.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { checkCookie } from './cookie-rules.js';
import { DEFAULTS, type ParsedOptions } from './defaults.js';
import { invalidOption } from './option-errors.js';
import { checkReturned } from './option-rules.js';
import { isPromise } from './session-schema.js';

/** Maximum number of combinations of values that are kept: a domain may be as many values as there are tenants. */
const MAX_KEPT = 1000;

/** The attributes of the cookies of one response. */
export interface ResponseAttributes {
  readonly secure: boolean;
  /** Attributes that depend on the request; the same object for the same values. */
  readonly varying: VaryingAttributes | undefined;
}

/** Finds the attributes of a response's cookies: constants, or what the options' functions return for the request. */
export class AttributesByRequest {
  readonly #options: ParsedOptions;
  readonly #isConstant: boolean;
  readonly #kept = new Map<string, VaryingAttributes>();

  constructor(options: ParsedOptions) {
    // Without the secret, which nothing keeps.
    const { cookieName, path, httpOnly, partitioned, domain, secure, sameSite, codec, accept, formerly } = options;
    const cookie = { cookieName, path, httpOnly, partitioned, domain, secure, sameSite, codec, accept, formerly };
    this.#options = Object.freeze(cookie) as ParsedOptions;
    this.#isConstant = ![domain, secure, sameSite].some((value) => typeof value === 'function');
  }

  /** The option `secure`, unless it is a function of the request. */
  get secure(): boolean | 'auto' | undefined {
    const { secure } = this.#options;
    return typeof secure === 'function' ? undefined : secure;
  }

  /** @throws SessionError `ERR_SESSION_OPTION_INVALID` if a function throws or returns a value that is not possible */
  of(exchange: HttpExchange): ResponseAttributes {
    const { secure } = this.#options;
    if (this.#isConstant)
      return { secure: secure === 'auto' ? exchange.isSecure : secure === true, varying: undefined };
    const { request } = exchange;
    const values = {
      domain: valueFor('domain', this.#options.domain, request),
      secure: valueFor('secure', this.#options.secure, request) ?? DEFAULTS.secure,
      sameSite: valueFor('sameSite', this.#options.sameSite, request) ?? DEFAULTS.sameSite,
    };
    return {
      secure: values.secure === 'auto' ? exchange.isSecure : values.secure,
      varying: this.#keptOrChecked(values),
    };
  }

  #keptOrChecked(values: {
    readonly domain: string | undefined;
    readonly secure: boolean | 'auto';
    readonly sameSite: 'lax' | 'strict' | 'none';
  }): VaryingAttributes {
    const key = JSON.stringify(values);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    checkCookie({ ...this.#options, ...values });
    const { domain, sameSite } = values;
    const varying = Object.freeze({ sameSite, ...(domain !== undefined && { domain }) });
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    this.#kept.set(key, varying);
    return varying;
  }
}

/** The value of an option for a request, checked as a constant is at start. */
function valueFor<T>(
  name: 'domain' | 'secure' | 'sameSite',
  option: T | ((request: IncomingMessage) => T | undefined),
  request: IncomingMessage,
): T | undefined {
  if (typeof option !== 'function') return option;
  let value: unknown;
  try {
    value = (option as (request: IncomingMessage) => unknown)(request);
  } catch {
    throw invalidOption(name, 'its function threw', 'Let it return a value for every request.');
  }
  // An unhandled rejection would end the process.
  if (isPromise(value)) value.then(undefined, () => undefined);
  if (value !== undefined) checkReturned(name, value);
  return value as T | undefined;
}
