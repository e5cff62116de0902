import { isObject, isRawResponse, rawOf, type RawRequest, type RawResponse } from './raw-http.js';
import type { LeavingHeaders } from './outgoing-headers.js';
import { createSlot } from './private-field.js';

/** As much of a FastifyReply as is needed; Fastify itself is no dependency. */
export interface FastifyReplyLike {
  readonly raw: RawResponse;
  readonly request: { readonly raw: RawRequest; readonly protocol: string };
}

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
  /** Whether somebody has seen to it that the departure of the headers is noticed. */
  isWatched = false;
  /** What somebody else made of the response's `writeHead` before it was watched. */
  writeHead: WriteHead | undefined;
  /** The sessions of the request, as far as anybody asked for them. */
  bindings: readonly Bound[] = NONE;
  /** Whom a parameter decorator can ask for a session, which has no access to providers. */
  managers: readonly { readonly name: string }[] | undefined;
  #reply: FastifyReplyLike | undefined;
  #response: RawResponse | undefined;
  #companion: unknown;
  #isAnswerable = false;
  #isSent = false;

  constructor(request: RawRequest) {
    this.request = request;
  }

  /**
   * The response: `undefined` where none is known, or where none can be, as the handshake of a socket has been answered.
   * Looked for when it is first needed, as most requests need no session.
   */
  get response(): RawResponse | undefined {
    if (this.#response === undefined && this.#isAnswerable) this.#response = this.#findResponse();
    return this.#response;
  }

  /** Of a Fastify application, until it has been sent. */
  get reply(): FastifyReplyLike | undefined {
    return this.#reply;
  }

  /** Whether there is a response that is known, or there was one. */
  get hasResponse(): boolean {
    return this.#isSent || this.response !== undefined;
  }

  get areHeadersSent(): boolean {
    return this.#isSent || this.response?.headersSent === true;
  }

  /** @param companion what may be the response, or Fastify's reply */
  answerBy(companion: unknown): void {
    if (this.#isSent) return;
    this.#isAnswerable = true;
    // A hook before ours may have refused the request, and then nobody has remembered its reply.
    if (this.#reply === undefined && isReplyTo(this.request, companion)) this.#reply = companion;
    this.#companion ??= companion;
  }

  /** @param reply that of Fastify to the request; to one that somebody made up there may be several, in turn */
  remember(reply: FastifyReplyLike): void {
    this.#reply = reply;
    this.#isSent = false;
  }

  /**
   * Lets go of a reply that has been sent, and remembers that it has. Nest keeps the request of each request-scoped
   * provider, and all that hangs on it, until V8 collects the whole heap; a response would be by far the largest part.
   */
  letGoOf(reply: FastifyReplyLike): void {
    // HTTP/2 ends a response also when the client has gone before; a handshake is answered by its socket.
    if (!reply.raw.headersSent || isHandshake(this.request)) return;
    this.#isSent = true;
    this.#response = this.#companion = this.#reply = this.writeHead = undefined;
    this.isWatched = false;
  }

  /**
   * The response that was given, or else the one that is known: Express hangs it on its request, for Fastify a hook
   * remembers it. Fastify has a reply to the handshake of a socket too, but that one never leaves.
   */
  #findResponse(): RawResponse | undefined {
    const reply = this.#reply?.raw;
    const { res } = this.request as { res?: unknown };
    const response = rawOf(this.#companion, isRawResponse) ?? reply ?? rawOf(res, isRawResponse);
    this.#companion = undefined;
    return response === reply && isHandshake(this.request) ? undefined : response;
  }
}

function isReplyTo(request: RawRequest, value: unknown): value is FastifyReplyLike {
  return isObject(value) && isRawResponse(value.raw) && isObject(value.request) && value.request.raw === request;
}

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
