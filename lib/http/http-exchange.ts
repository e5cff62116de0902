import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject } from './is-object.js';
import type { LeavingHeaders } from './leaving-headers.js';
import { replyTo } from './replies-in-flight.js';
import { createSlot } from './slot.js';

/** The request as Node made it, below whatever a framework wraps around it. */
export type RawRequest = IncomingMessage;
/** The response as Node made it. */
export type RawResponse = ServerResponse;

/** Who has something to add when the headers of a response leave. */
export interface Departing {
  /** Must not throw: it runs inside the response's `writeHead`. What it adds twice must count once. */
  depart(headers: LeavingHeaders): void;
}

export type WriteHead = (this: RawResponse, ...args: unknown[]) => RawResponse;

/** What belongs to a request and is found by whom it belongs to. */
export interface Bound {
  readonly keeper: object;
}

/** The list of nobody, which all share: most requests have no session. */
export const NONE: readonly never[] = [];

/** A raw request and, as far as it can be known, its raw response: the same object whoever asks for it. */
export class HttpExchange {
  readonly request: RawRequest;
  /** Who adds to the headers; nobody any more once they have left. */
  departing: readonly Departing[] = NONE;
  /** What somebody else made of the response's `writeHead` before it was watched. */
  writeHead: WriteHead | undefined;
  /** The sessions of the request, as far as anybody asked for them. */
  bindings: readonly Bound[] = NONE;
  /** Whom a parameter decorator can ask for a session, which has no access to providers. */
  managers: readonly { readonly name: string }[] | undefined;
  #response: RawResponse | undefined;
  #companion: unknown;
  #isAnswerable = false;
  #wasResponseKnown = false;

  constructor(request: RawRequest) {
    this.request = request;
  }

  /**
   * The response: `undefined` where none is known, or where none can be, as the handshake of a socket has been answered.
   * Looked for when it is first needed, as most requests need no session. The reply of Fastify is looked for each time,
   * so that the exchange does not keep it when it has been sent.
   */
  get response(): RawResponse | undefined {
    if (this.#response !== undefined || !this.#isAnswerable) return this.#response;
    const reply = replyTo(this.request)?.raw;
    const given = rawOf(this.#companion, isRawResponse);
    if (reply !== undefined && (given === undefined || given === reply)) {
      return isHandshake(this.request) ? undefined : reply;
    }
    // Express hangs it on its request.
    this.#response = given ?? rawOf((this.request as { res?: unknown }).res, isRawResponse);
    this.#companion = undefined;
    return this.#response;
  }

  /** Whether a response is known, or has been. */
  get hasResponse(): boolean {
    return this.#wasResponseKnown || this.response !== undefined;
  }

  /** Whether the headers have left. */
  get areHeadersSent(): boolean {
    return this.response?.headersSent ?? this.#wasResponseKnown;
  }

  /** @param companion what may be the response, or Fastify's reply */
  answerBy(companion: unknown): void {
    this.#isAnswerable = true;
    if (this.#wasResponseKnown) return;
    const reply = replyTo(this.request);
    this.#wasResponseKnown = reply !== undefined && !isHandshake(this.request);
    if (companion !== reply && companion !== reply?.raw) this.#companion ??= companion;
  }
}

/** Fastify has a reply to the handshake of a socket too, but that one never leaves. */
function isHandshake(request: RawRequest): boolean {
  return (request as { upgrade?: unknown }).upgrade === true;
}

const exchanges = createSlot<object, HttpExchange>();

/** The exchange of a request, if anybody asked for it before. */
export function knownExchangeOf(request: RawRequest): HttpExchange | undefined {
  const list: unknown = request.rawHeaders;
  const known = isObject(list) ? exchanges.get(list) : undefined;
  return known?.request === request ? known : exchanges.get(request);
}

/**
 * The exchange of a request. It hangs on the request's list of raw headers and not on the request itself: Express gives
 * each request another prototype, after which a further property costs V8 several microseconds. Where requests that
 * somebody made up share a list, the first one has it, and the others keep theirs themselves.
 */
export function exchangeFor(request: RawRequest): HttpExchange {
  const list: unknown = request.rawHeaders;
  if (!isObject(list)) return exchangeAt(request, request);
  const exchange = exchangeAt(list, request);
  return exchange.request === request ? exchange : exchangeAt(request, request);
}

function exchangeAt(place: object, request: RawRequest): HttpExchange {
  const known = exchanges.get(place);
  if (known !== undefined) return known;
  const exchange = new HttpExchange(request);
  exchanges.set(place, exchange);
  return exchange;
}

/** Fastify's objects keep the raw one under `raw`; an Express object is the raw one. */
export function rawOf<T>(value: unknown, isRaw: (value: unknown) => value is T): T | undefined {
  if (!isObject(value)) return undefined;
  if (isRaw(value.raw)) return value.raw;
  return isRaw(value) ? value : undefined;
}

// By shape and not by instanceof: HTTP/2 and injected requests have classes of their own.
export function isRawRequest(value: unknown): value is RawRequest {
  return isObject(value) && isObject(value.headers) && 'url' in value;
}

export function isRawResponse(value: unknown): value is RawResponse {
  return isObject(value) && typeof value.writeHead === 'function' && typeof value.setHeader === 'function';
}
