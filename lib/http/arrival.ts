import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { type FastifyLike, hookFastify } from './fastify-arrivals.js';
import type { HttpAdapterLike } from './fastify-replies.js';
import { exchangeFor } from './kept-exchange.js';
import { isObject, type RawRequest, type RawResponse } from './raw-http.js';

/**
 * Called with each request before the application, and other software on its server, can see it. It calls `proceed` once, now
 * or later, and must not throw. What `proceed` leads to runs inside it: an `AsyncLocalStorage` that is entered around the call
 * is there for the whole request.
 *
 * @param response `undefined` for the handshake of a WebSocket
 */
export type ArrivalListener = (request: RawRequest, response: RawResponse | undefined, proceed: () => void) => void;

/** Events by which a server announces a request. `checkContinue`: one with `Expect: 100-continue`. */
const ANNOUNCEMENTS: ReadonlySet<unknown> = new Set(['request', 'upgrade', 'checkContinue']);

/** The part of an Express application that is needed here. */
interface ExpressLike {
  handle: (request: RawRequest, response: RawResponse, ...rest: readonly unknown[]) => unknown;
}

/** An event emitter whose `emit` is called with its `this`. */
interface Emitting {
  readonly emit: (this: EventEmitter, event: string | symbol, ...args: readonly unknown[]) => boolean;
}

/** The listeners of an application. */
class Arrivals {
  #listeners: readonly ArrivalListener[] = [];

  add(listener: ArrivalListener): void {
    this.#listeners = [...this.#listeners, listener];
  }

  /**
   * Calls the listeners, each within the one before it, and then `proceed`; for a request that has been here, `proceed` at once.
   */
  receive(request: RawRequest, response: RawResponse | undefined, proceed: () => void): void {
    const exchange = exchangeFor(request);
    if (exchange.arrivals.includes(this)) return proceed();
    exchange.arrivals = [...exchange.arrivals, this];
    exchange.arrivedAt ??= Date.now() / 1000;
    const listeners = this.#listeners;
    const call = (index: number): void => {
      const listener = listeners[index];
      if (listener === undefined) return proceed();
      listener(
        request,
        response,
        once(() => call(index + 1)),
      );
    };
    call(0);
  }
}

const applications = new WeakMap<object, Arrivals>();

/**
 * Has `listener` called before the application sees a request: middleware, hooks, guards, the handshake of sockets. Installed when it
 * is first asked for. Call it after the server was made and before the application is ready.
 *
 * A server announces each request by `emit`, which is wrapped as tracing tools do it. Requests that no server announces reach
 * Express as a function and Fastify by `inject()`: there it is `handle`, and the first `onRequest` hook.
 */
export function onArrival(adapter: HttpAdapterLike & { getHttpServer(): unknown }, listener: ArrivalListener): void {
  const instance = adapter.getInstance();
  const known = applications.get(adapter);
  const arrivals = known ?? new Arrivals();
  arrivals.add(listener);
  if (known !== undefined) return;
  applications.set(adapter, arrivals);
  const server = adapter.getHttpServer();
  if (isEmitter(server)) wrapEmit(server, arrivals);
  if (adapter.getType() === 'fastify') {
    const receive: ArrivalListener = (...arrival) => arrivals.receive(...arrival);
    hookFastify(instance as FastifyLike, receive, (each) => isEmitter(each) && wrapEmit(each, arrivals));
  } else if (isExpress(instance)) wrapHandle(instance, arrivals);
}

function wrapEmit(server: EventEmitter, arrivals: Arrivals): void {
  // Looked up at each call where it is the prototype's: tracing tools may replace it there later.
  const previous = Object.hasOwn(server, 'emit') ? (server as Emitting).emit : undefined;
  const emit = (event: string | symbol, args: readonly unknown[]): boolean =>
    (previous ?? (Object.getPrototypeOf(server) as Emitting).emit).call(server, event, ...args);
  server.emit = (event: string | symbol, ...args: readonly unknown[]): boolean => {
    if (!ANNOUNCEMENTS.has(event)) return emit(event, args);
    const [request, channel] = args as [RawRequest, RawResponse | Duplex];
    const isUpgrade = event === 'upgrade';
    let result: boolean | undefined;
    let release: (() => void) | undefined;
    arrivals.receive(request, isUpgrade ? undefined : (channel as RawResponse), () => {
      release?.();
      // A client that has gone meanwhile: its 'close' was emitted already, and a handler would wait for it for ever.
      if (release !== undefined && (request.destroyed || channel.destroyed || hasLostStream(request))) return;
      result = emit(event, args);
    });
    if (result !== undefined) return result;
    release = isUpgrade ? holdSocket(channel as Duplex) : ignore;
    return server.listenerCount(event) > 0;
  };
}

/** A request of HTTP/2 is not destroyed with its stream. */
function hasLostStream(request: RawRequest & { readonly stream?: { readonly destroyed?: unknown } }): boolean {
  return request.stream?.destroyed === true;
}

const ignore = () => undefined;

/** Until its handshake is announced a socket has no listener: an error of it, as when its client goes, would end the process. */
function holdSocket(socket: Duplex): () => void {
  socket.on('error', ignore);
  return () => void socket.off('error', ignore);
}

function wrapHandle(express: ExpressLike, arrivals: Arrivals): void {
  const { handle } = express;
  express.handle = function (request, response, ...rest) {
    arrivals.receive(request, response, () => void handle.call(this, request, response, ...rest));
  };
}

function isEmitter(value: unknown): value is EventEmitter {
  return isObject(value) && typeof value.emit === 'function';
}

function isExpress(value: unknown): value is ExpressLike {
  return typeof value === 'function' && 'handle' in value && typeof value.handle === 'function';
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
