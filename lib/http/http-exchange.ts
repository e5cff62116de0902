import { areHeadersSent } from './on-headers.js';
import { privateField } from './private-field.js';
import { isObject, isRawResponse, rawOf, type RawRequest, type RawResponse } from './raw-http.js';

/** The part of a FastifyReply that is needed; Fastify itself is no dependency. */
export interface FastifyReplyLike {
  readonly raw: RawResponse;
  readonly request: { readonly raw: RawRequest; readonly protocol: string };
}

/** A raw request and, as far as it is known, its raw response. One object for each request. */
export class HttpExchange {
  readonly request: RawRequest;
  /** The managers that `@Session()` may ask: a parameter decorator has no access to providers. */
  managers: readonly { readonly name: string }[] | undefined;
  #reply: FastifyReplyLike | undefined;
  #response: RawResponse | undefined;
  /** What was given as the response; looked at when a response is first needed, as most requests need no session. */
  #given: unknown;
  #isAnswerable = false;
  #isSent = false;

  constructor(request: RawRequest) {
    this.request = request;
  }

  /** The response; `undefined` where none is known, and for the handshake of a socket, which has been answered. */
  get response(): RawResponse | undefined {
    if (this.#response === undefined && this.#isAnswerable) this.#response = this.#findResponse();
    return this.#response;
  }

  /** Whether a response is known, or one was known and has been sent. */
  get hasResponse(): boolean {
    return this.#isSent || this.response !== undefined;
  }

  get areHeadersSent(): boolean {
    const { response } = this;
    return this.#isSent || (response !== undefined && areHeadersSent(response));
  }

  /** Whether the request came over TLS as the framework judges it: behind a proxy its "trust proxy" setting decides. */
  get isSecure(): boolean {
    const { protocol } = this.#reply?.request ?? (this.request as { protocol?: unknown });
    if (typeof protocol === 'string') return protocol === 'https';
    return 'encrypted' in this.request.socket && this.request.socket.encrypted === true;
  }

  /** @param given the response or Fastify's reply, as far as the caller has one */
  setResponse(given: unknown): void {
    if (this.#isSent) return;
    this.#isAnswerable = true;
    // Where a hook before ours has refused the request, the reply is not known yet.
    if (this.#reply === undefined && isReplyTo(this.request, given)) this.#reply = given;
    this.#given ??= given;
  }

  /** @param reply Fastify's reply to the request; a request that a test made up may get several, one after the other */
  setReply(reply: FastifyReplyLike): void {
    this.#reply = reply;
    this.#isSent = false;
  }

  /**
   * Forgets a reply that has been sent. Nest keeps the request of each request-scoped provider, and all that hangs on it,
   * until V8 collects the whole heap, and a response would be by far the largest part of that.
   */
  releaseReply(reply: FastifyReplyLike): void {
    // HTTP/2 also ends a response whose client has gone before; a handshake is answered by its socket.
    if (!reply.raw.headersSent || isHandshake(this.request)) return;
    this.#isSent = true;
    this.#response = this.#given = this.#reply = undefined;
  }

  /**
   * The response that was given, or else the one that is known: Express hangs it on its request, for Fastify a hook
   * keeps it. Fastify has a reply to the handshake of a socket too, but that one is never sent.
   */
  #findResponse(): RawResponse | undefined {
    const reply = this.#reply?.raw;
    const { res } = this.request as { res?: unknown };
    const response = rawOf(this.#given, isRawResponse) ?? reply ?? rawOf(res, isRawResponse);
    this.#given = undefined;
    return response === reply && isHandshake(this.request) ? undefined : response;
  }
}

function isReplyTo(request: RawRequest, value: unknown): value is FastifyReplyLike {
  return isObject(value) && isRawResponse(value.raw) && isObject(value.request) && value.request.raw === request;
}

function isHandshake(request: RawRequest): boolean {
  return (request as { upgrade?: unknown }).upgrade === true;
}

const exchanges = privateField<object, HttpExchange>();

/** The exchange of a request, if it has been asked for before. */
export function knownExchangeOf(request: RawRequest): HttpExchange | undefined {
  const list: unknown = request.rawHeaders;
  const exchange = isObject(list) ? exchanges.get(list) : undefined;
  return exchange?.request === request ? exchange : exchanges.get(request);
}

/**
 * The exchange of a request. It hangs on the request's list of raw headers and not on the request itself: Express gives
 * each request another prototype, after which a further property costs V8 several microseconds. Where made-up requests
 * share a list, the first one has it, and each of the others keeps its exchange itself.
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
