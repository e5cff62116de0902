import type { RawResponse } from './raw-http.js';

/** The value of a header as Node returns it; `undefined` if it is not set. */
export type HeaderValue = number | string | string[] | undefined;

/** The headers of a response just before they are sent; a `ServerResponse` implements it. */
export interface OutgoingHeaders {
  /** Returns a header, whatever the case of its name. */
  getHeader(name: string): HeaderValue;
  /** Replaces a header. */
  setHeader(name: string, value: string | string[]): unknown;
}

type HeadersRecord = Readonly<Record<string, unknown>>;

/** The headers argument of `writeHead`: an object, a list of alternating names and values, or a list of pairs. */
export type HeadersArgument = HeadersRecord | readonly unknown[];

/** The headers argument of one `writeHead` call. */
export interface WriteHeadHeaders extends OutgoingHeaders {
  /** The arguments to call `writeHead` with. */
  argumentsFrom(args: readonly unknown[]): unknown[];
}

/** Headers that are added for one `writeHead` call, and can be taken back where it fails. */
export class AddedHeaders implements OutgoingHeaders {
  readonly #response: RawResponse;
  readonly #headers: OutgoingHeaders;
  readonly #added: { name: string; value: HeaderValue; before: HeaderValue; onResponse: HeaderValue }[] = [];

  /** @param headers those that are to be sent: the response's own, or the headers argument */
  constructor(response: RawResponse, headers: OutgoingHeaders) {
    this.#response = response;
    this.#headers = headers;
  }

  getHeader(name: string): HeaderValue {
    return this.#headers.getHeader(name);
  }

  setHeader(name: string, value: string | string[]): void {
    const onResponse = this.#response.getHeader(name);
    this.#added.push({ name, value, before: this.#headers.getHeader(name), onResponse });
    this.#headers.setHeader(name, value);
  }

  /** Leaves the response with the headers that it would have had without us, as far as Node had set them already. */
  takeBack(): void {
    for (const { name, value, before, onResponse } of this.#added.toReversed()) {
      const current = this.#response.getHeader(name);
      if (current === undefined) this.#put(name, onResponse);
      else if (String(current) === String(value)) this.#put(name, before);
    }
  }

  #put(name: string, value: HeaderValue): void {
    if (value !== undefined) this.#response.setHeader(name, value);
    else if (this.#response.hasHeader(name)) this.#response.removeHeader(name);
  }
}

/**
 * The headers argument of `writeHead`, which overrides the headers that are set on the response. It is passed on as an object
 * if it was an object and as a list if it was a list, because other wrappers of `writeHead` may read it. The original stays
 * unchanged: the application may use it for the next response too.
 */
export function writeHeadHeaders(response: RawResponse, argument: HeadersArgument): WriteHeadHeaders {
  return isList(argument) ? new HeadersList(response, argument) : new HeadersObject(response, argument);
}

/** `writeHead(200, { 'Content-Type': 'text/html' })` */
class HeadersObject implements WriteHeadHeaders {
  readonly #response: RawResponse;
  readonly #original: HeadersRecord;
  readonly #added: Record<string, string | string[]> = {};

  constructor(response: RawResponse, original: HeadersRecord) {
    this.#response = response;
    this.#original = original;
  }

  argumentsFrom(args: readonly unknown[]): unknown[] {
    const names = Object.keys(this.#added);
    const headers: Record<string, unknown> = {};
    for (const name of Object.keys(this.#original)) {
      if (!names.some((added) => isSameName(name, added))) headers[name] = this.#original[name];
    }
    return withHeaders(args, Object.assign(headers, this.#added));
  }

  getHeader(name: string): HeaderValue {
    const added = Object.keys(this.#added).find((key) => isSameName(key, name));
    if (added !== undefined) return this.#added[added];
    const keys = Object.keys(this.#original).filter((key) => isSameName(key, name));
    return keys.length === 0 ? this.#response.getHeader(name) : merged(keys.map((key) => this.#original[key]));
  }

  setHeader(name: string, value: string | string[]): void {
    for (const key of Object.keys(this.#added)) if (isSameName(key, name)) delete this.#added[key];
    this.#added[name] = value;
  }
}

/** A name and a value. The last pair of a list of odd length has no value: Node reports that mistake itself. */
type Pair = readonly unknown[];

/** `writeHead(200, ['Content-Type', 'text/html'])` or `writeHead(200, [['Content-Type', 'text/html']])` */
class HeadersList implements WriteHeadHeaders {
  readonly #response: RawResponse;
  readonly #isFlat: boolean;
  #pairs: readonly Pair[];

  constructor(response: RawResponse, original: readonly unknown[]) {
    this.#response = response;
    this.#isFlat = !Array.isArray(original[0]);
    this.#pairs = this.#isFlat ? pairsOf(original) : (original as readonly Pair[]);
  }

  argumentsFrom(args: readonly unknown[]): unknown[] {
    return withHeaders(args, this.#isFlat ? this.#pairs.flat(1) : this.#pairs);
  }

  getHeader(name: string): HeaderValue {
    const values = this.#pairs.filter(([other]) => isSameName(other, name)).map(([, value]) => value);
    return values.length === 0 ? this.#response.getHeader(name) : merged(values);
  }

  setHeader(name: string, value: string | string[]): void {
    this.#pairs = [...this.#pairs.filter(([other]) => !isSameName(other, name)), [name, value]];
  }
}

/** The value of a header that is there once, or in several spellings. */
function merged(values: readonly unknown[]): HeaderValue {
  return values.length === 1 ? (values[0] as HeaderValue) : values.flat().map(String);
}

function withHeaders([status, reason]: readonly unknown[], headers: HeadersArgument): unknown[] {
  return typeof reason === 'string' ? [status, reason, headers] : [status, headers];
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(argument: HeadersArgument): argument is readonly unknown[] {
  return Array.isArray(argument);
}

function pairsOf(flat: readonly unknown[]): Pair[] {
  const pairs: Pair[] = [];
  for (let index = 0; index < flat.length; index += 2) pairs.push(flat.slice(index, index + 2));
  return pairs;
}

/** Header names are case-insensitive (RFC 9110 §5.1). */
function isSameName(key: unknown, name: string): boolean {
  return typeof key === 'string' && key.length === name.length && key.toLowerCase() === name.toLowerCase();
}
