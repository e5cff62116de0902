import type { RawResponse } from './raw-http.js';

export type HeaderValue = number | string | string[] | undefined;

/** The headers of a response just before they are sent; a `ServerResponse` is one itself. */
export interface OutgoingHeaders {
  getHeader(name: string): HeaderValue;
  setHeader(name: string, value: string | string[]): unknown;
}

type HeadersRecord = Readonly<Record<string, unknown>>;

/** The headers argument of `writeHead`: an object, names and values in turn, or a list of pairs. */
export type HeadersArgument = HeadersRecord | readonly unknown[];

/** The headers that are set on the response; whatever is added can be taken back. */
export class ResponseHeaders implements OutgoingHeaders {
  readonly #response: RawResponse;
  readonly #before: [name: string, value: HeaderValue][] = [];

  constructor(response: RawResponse) {
    this.#response = response;
  }

  getHeader(name: string): HeaderValue {
    return this.#response.getHeader(name);
  }

  setHeader(name: string, value: string | string[]): void {
    this.#before.push([name, this.#response.getHeader(name)]);
    this.#response.setHeader(name, value);
  }

  restore(): void {
    for (const [name, value] of this.#before.toReversed()) {
      if (value === undefined) this.#response.removeHeader(name);
      else this.#response.setHeader(name, value);
    }
  }
}

/**
 * The headers that were given to `writeHead`: they override those that were set on the response before.
 *
 * `argument` is of the kind that was given, an object for an object and a list for a list, because other wrappers of
 * `writeHead` may read it next. It is a copy: the application may give the same object again with the next response.
 */
export interface WriteHeadHeaders extends OutgoingHeaders {
  readonly argument: HeadersArgument;
}

export function writeHeadHeaders(response: RawResponse, given: HeadersArgument): WriteHeadHeaders {
  return isList(given) ? new HeadersList(response, given) : new HeadersObject(response, given);
}

/** `writeHead(200, { 'Content-Type': 'text/html' })` */
class HeadersObject implements WriteHeadHeaders {
  readonly #response: RawResponse;
  readonly #given: HeadersRecord;
  readonly #added: Record<string, string | string[]> = {};

  constructor(response: RawResponse, given: HeadersRecord) {
    this.#response = response;
    this.#given = given;
  }

  get argument(): HeadersArgument {
    const names = Object.keys(this.#added);
    const headers: Record<string, unknown> = {};
    for (const name of Object.keys(this.#given)) {
      if (!names.some((added) => isSameName(name, added))) headers[name] = this.#given[name];
    }
    return Object.assign(headers, this.#added);
  }

  getHeader(name: string): HeaderValue {
    const added = Object.keys(this.#added).find((key) => isSameName(key, name));
    if (added !== undefined) return this.#added[added];
    const given = Object.keys(this.#given).find((key) => isSameName(key, name));
    return given === undefined ? this.#response.getHeader(name) : (this.#given[given] as HeaderValue);
  }

  setHeader(name: string, value: string | string[]): void {
    for (const key of Object.keys(this.#added)) if (isSameName(key, name)) delete this.#added[key];
    this.#added[name] = value;
  }
}

/** A name and a value; without a value where a list has an odd length, so that Node finds that mistake itself. */
type Pair = readonly unknown[];

/** `writeHead(200, ['Content-Type', 'text/html'])` or `writeHead(200, [['Content-Type', 'text/html']])` */
class HeadersList implements WriteHeadHeaders {
  readonly #response: RawResponse;
  readonly #isFlat: boolean;
  #pairs: readonly Pair[];

  constructor(response: RawResponse, given: readonly unknown[]) {
    this.#response = response;
    this.#isFlat = !Array.isArray(given[0]);
    this.#pairs = this.#isFlat ? pairsOf(given) : (given as readonly Pair[]);
  }

  get argument(): HeadersArgument {
    return this.#isFlat ? this.#pairs.flat(1) : this.#pairs;
  }

  getHeader(name: string): HeaderValue {
    const values = this.#pairs.filter(([other]) => isSameName(other, name)).map(([, value]) => value as HeaderValue);
    if (values.length === 0) return this.#response.getHeader(name);
    return values.length === 1 ? values[0] : values.flat().map(String);
  }

  setHeader(name: string, value: string | string[]): void {
    this.#pairs = [...this.#pairs.filter(([other]) => !isSameName(other, name)), [name, value]];
  }
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(given: HeadersArgument): given is readonly unknown[] {
  return Array.isArray(given);
}

function pairsOf(flat: readonly unknown[]): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at < flat.length; at += 2) pairs.push(flat.slice(at, at + 2));
  return pairs;
}

/** Header names are case-insensitive (RFC 9110 §5.1). */
function isSameName(given: unknown, name: string): boolean {
  return typeof given === 'string' && given.length === name.length && given.toLowerCase() === name.toLowerCase();
}
