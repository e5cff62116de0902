import { AsyncLocalStorage } from 'node:async_hooks';
import type { EventEmitter } from 'node:events';
import { SessionError } from '../session.errors.js';
import type { HttpExchange } from './http-exchange.js';
import type { RawRequest } from './raw-http.js';

/** What the running code was led to by. */
interface Course {
  readonly exchange: HttpExchange;
  /** Whether the request has arrived to be answered: neither the handshake of a WebSocket, nor given by a caller. */
  readonly isAnswered: boolean;
}

/** An event emitter whose `emit` is called with its `this`. */
interface Emitting {
  readonly emit: (this: EventEmitter, ...args: Parameters<EventEmitter['emit']>) => boolean;
}

/** Knows which request the running code belongs to, by Node's `AsyncLocalStorage`. */
export class RequestContext {
  readonly #storage = new AsyncLocalStorage<Course>();

  /** The exchange of the request in whose course the code runs; `undefined` outside of a request. */
  get exchange(): HttpExchange | undefined {
    const course = this.#storage.getStore();
    if (course?.isAnswered === true) course.exchange.setResponse(undefined);
    return course?.exchange;
  }

  /** Runs a function, and all that it leads to, in the course of a request. */
  run<T>(exchange: HttpExchange, callback: () => T): T {
    return this.#storage.run({ exchange, isAnswered: false }, callback);
  }

  /**
   * Runs what the arrival of a request leads to in its course. Node emits the events of a body, and those of an upgraded socket,
   * outside of that, because parser and socket were there before: so they are taken along, whatever listens to them. Not for
   * GET and HEAD without a body: it costs more than all the rest (9 of 13 µs on Fastify, 29 of 42 on Express). A socket
   * that is not upgraded has other requests after this one, and is left alone.
   *
   * @param isHandshake of a WebSocket
   */
  enter(exchange: HttpExchange, isHandshake: boolean, callback: () => void): void {
    const { request } = exchange;
    const course = { exchange, isAnswered: !isHandshake };
    if (isHandshake) this.#bindEvents(course, request.socket);
    else if (mayHaveBody(request)) this.#bindEvents(course, request);
    this.#storage.run(course, callback);
  }

  #bindEvents(course: Course, emitter: EventEmitter): void {
    const storage = this.#storage;
    const { emit } = emitter as Emitting;
    emitter.emit = function (this: EventEmitter, ...args: Parameters<EventEmitter['emit']>): boolean {
      return storage.run(course, () => emit.apply(this, args));
    };
  }
}

/**
 * The exchange of the running request. @param context `undefined` where requests are not tracked
 * @throws SessionError `ERR_SESSION_NO_CURRENT` outside of a request, and where requests are not tracked
 */
export function currentExchangeOf(context: RequestContext | undefined): HttpExchange {
  const exchange = context?.exchange;
  if (exchange !== undefined) return exchange;
  throw new SessionError(
    'ERR_SESSION_NO_CURRENT',
    context === undefined
      ? 'Cannot find the current session: requests are not tracked. Set the option currentSession: true.'
      : 'Cannot find the current session: no HTTP request leads to this code, as in a job, a timer or an event of another ' +
          'request. Call it in the course of a request, or pass the session on.',
  );
}

/** What HTTP/2 knows of a request whose headers have come. */
interface Http2Like {
  readonly stream?: { readonly endAfterHeaders?: unknown } | undefined;
}

/** A GET may have one too (RFC 9110 §9.3.1), which HTTP/2 announces by no header (RFC 9113 §8.1). */
function mayHaveBody(request: RawRequest & Http2Like): boolean {
  const { method, headers } = request;
  if ((method !== 'GET' && method !== 'HEAD') || 'transfer-encoding' in headers) return true;
  return 'content-length' in headers || request.stream?.endAfterHeaders === false;
}
