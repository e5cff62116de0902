import type { RawResponse } from './raw-http.js';

type HeaderValue = number | string | string[] | undefined;

/** The headers of a response that are about to leave; a `ServerResponse` is one itself. */
export interface LeavingHeaders {
  getHeader(name: string): HeaderValue;
  setHeader(name: string, value: string | string[]): unknown;
}

/** What `writeHead` takes as headers: an object, names and values in turn, or a list of pairs. */
export type GivenHeaders = Readonly<Record<string, unknown>> | readonly unknown[];

/**
 * Headers that are given to `writeHead`, which override those that were set before. Fastify gives all of them this way,
 * and Node writes them fastest as a list: setting them one by one costs several times as much, and so does a copy of the
 * object with another key. The object itself may be given again with the next response, so it is not touched.
 */
export class OverridingHeaders implements LeavingHeaders {
  readonly #response: RawResponse;
  /** Names and values in turn. */
  readonly list: unknown[];

  constructor(response: RawResponse, given: GivenHeaders) {
    this.#response = response;
    this.list = listOf(given);
  }

  getHeader(name: string): HeaderValue {
    const at = this.#find(name);
    if (at === -1) return this.#response.getHeader(name);
    const next = this.#find(name, at + 2);
    if (next === -1) return this.list[at + 1] as HeaderValue;
    // Several headers of one name.
    const values = this.list.filter((_, index) => index % 2 === 1 && isName(this.list[index - 1], name));
    return values.flat().map(String);
  }

  setHeader(name: string, value: string | string[]): void {
    for (let at = this.#find(name); at !== -1; at = this.#find(name, at)) this.list.splice(at, 2);
    this.list.push(name, value);
  }

  #find(name: string, from = 0): number {
    for (let at = from; at < this.list.length; at += 2) if (isName(this.list[at], name)) return at;
    return -1;
  }
}

function listOf(given: GivenHeaders): unknown[] {
  if (Array.isArray(given)) return Array.isArray(given[0]) ? given.flat() : [...(given as unknown[])];
  const list: unknown[] = [];
  for (const name of Object.keys(given)) list.push(name, (given as Readonly<Record<string, unknown>>)[name]);
  return list;
}

/** Names of headers are the same in any case (RFC 9110 §5.1). */
function isName(given: unknown, name: string): boolean {
  return typeof given === 'string' && given.length === name.length && given.toLowerCase() === name.toLowerCase();
}
