import { areHeadersSent } from './on-headers.js';
import { isObject, isRawResponse, rawOf, type RawRequest, type RawResponse } from './raw-http.js';

/** The part of a `FastifyReply` that is needed here: Fastify is not a dependency. */
export interface FastifyReplyLike {
  readonly raw: RawResponse;
  readonly request: {
    readonly raw: RawRequest;
    readonly protocol: string;
    readonly routeOptions?: { readonly url?: string | undefined } | undefined;
  };
}

/** The part of Express's request that says which route it took. */
interface ExpressRequestLike {
  readonly originalUrl?: string;
  readonly route?: { readonly path?: unknown };
}

/** What opens the session of a name: of this package, or a substitute in a test. */
export interface NamedManager {
  readonly name: string;
  readonly manager: object;
}

/** Shared empty list: most requests have no session. */
const NONE: readonly never[] = [];

/** A raw request and its raw response, once known. One object per request. */
export class HttpExchange {
  readonly request: RawRequest;
  /** The managers for `@Session()`, by the names of their sessions: a parameter decorator cannot inject providers. */
  managers: readonly NamedManager[] | undefined;
  /** The sessions of the request; each manager finds its own. */
  opened: readonly object[] = NONE;
  /** The applications at which the request has arrived: see arrival.ts. */
  arrivals: readonly object[] = NONE;
  /** When the request arrived, where that was noticed: a NumericDate with a fraction. */
  arrivedAt: number | undefined;
  #reply: FastifyReplyLike | undefined;
  #response: RawResponse | undefined;
  /** The response as passed in, not unwrapped until it is needed: most requests have no session. */
  #responseArgument: unknown;
  /** The response that the server announced with the request, where requests are tracked. */
  #announcedResponse: RawResponse | undefined;
  #isAnswerable = false;
  #isSent = false;

  constructor(request: RawRequest) {
    this.request = request;
  }

  /** The response; `undefined` if unknown, and for the handshake of a socket, which has already been answered. */
  get response(): RawResponse | undefined {
    if (this.#response === undefined && this.#isAnswerable) this.#response = this.#findResponse();
    return this.#response;
  }

  /** Whether a response is known, or was known until it had been sent. */
  get hasResponse(): boolean {
    return this.#isSent || this.response !== undefined;
  }

  /** Whether the response headers have been sent, so that no cookie can be added. */
  get areHeadersSent(): boolean {
    const { response } = this;
    return this.#isSent || (response !== undefined && areHeadersSent(response));
  }

  /**
   * Whether the request came over TLS, according to the framework: behind a proxy, its "trust proxy" setting decides.
   */
  get isSecure(): boolean {
    const { protocol } = this.#reply?.request ?? (this.request as { protocol?: unknown });
    if (typeof protocol === 'string') return protocol === 'https';
    const { socket } = this.request as { socket?: { encrypted?: unknown } | undefined };
    return socket?.encrypted === true;
  }

  /**
   * Method and path for messages, such as `GET /users/:id`: without a query, and with the pattern of the route where the
   * framework knows it, because a path may hold a secret.
   */
  get route(): string {
    const { method, url, originalUrl, route } = this.request as RawRequest & ExpressRequestLike;
    const pattern = this.#reply?.request.routeOptions?.url ?? route?.path;
    const path = typeof pattern === 'string' ? pattern : (originalUrl ?? url ?? '').replace(/[?#].*$/s, '');
    return method ? `${method} ${path}` : path;
  }

  /** Sets the response. @param response of Express or Node, or Fastify's reply; `undefined` if the caller has none */
  setResponse(response: unknown): void {
    if (this.#isSent) return;
    this.#isAnswerable = true;
    // The reply is not known yet if a hook before ours has refused the request.
    if (this.#reply === undefined && isReplyTo(this.request, response)) this.#reply = response;
    this.#responseArgument ??= response;
  }

  /** Sets the response that came with the request: a last resort, for code that runs before the framework. */
  announceResponse(response: RawResponse): void {
    this.#announcedResponse = response;
  }

  /** Sets Fastify's reply. Tests with a made-up request may set several, one after the other. */
  setReply(reply: FastifyReplyLike): void {
    this.#reply = reply;
    this.#isSent = false;
  }

  /**
   * Releases a reply that has been sent: Nest keeps the request of each request-scoped provider, and all that it
   * references, until V8 collects the whole heap, and a response would be by far the largest part.
   */
  releaseReply(reply: FastifyReplyLike): void {
    // HTTP/2 also ends an unsent response if the client has gone; the socket answers a handshake.
    if (!reply.raw.headersSent || isHandshake(this.request)) return;
    this.#isSent = true;
    this.#response = this.#responseArgument = this.#announcedResponse = this.#reply = undefined;
  }

  /**
   * The response passed in, or else the framework's: Express sets it on the request, for Fastify a hook keeps it.
   * Fastify makes a reply to the handshake of a socket too, but never sends it.
   */
  #findResponse(): RawResponse | undefined {
    const reply = this.#reply?.raw;
    const { res } = this.request as { res?: unknown };
    const given = rawOf(this.#responseArgument, isRawResponse) ?? reply ?? rawOf(res, isRawResponse);
    const response = given ?? this.#announcedResponse;
    this.#responseArgument = undefined;
    return response === reply && isHandshake(this.request) ? undefined : response;
  }
}

function isReplyTo(request: RawRequest, value: unknown): value is FastifyReplyLike {
  return isObject(value) && isRawResponse(value.raw) && isObject(value.request) && value.request.raw === request;
}

function isHandshake(request: RawRequest): boolean {
  return (request as { upgrade?: unknown }).upgrade === true;
}
