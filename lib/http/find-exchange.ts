import type { ArgumentsHost } from '@nestjs/common';
import { SessionError } from '../session.errors.js';
import { exchangeFor, HttpExchange, knownExchangeOf } from './http-exchange.js';
import { isObject, isRawRequest, isRawResponse, rawOf, type RawRequest } from './raw-http.js';
import { handshakeOf, isSocket } from './websocket-handshake.js';

/**
 * Finds the raw exchange behind what a program has in its hands.
 *
 * @param target an ExecutionContext or ArgumentsHost, a request of Express, of Fastify or of Node, a GraphQL context, or
 * a socket; an exchange that was found before is returned
 * @param companion the response that belongs to a request, or the request of a socket's handshake
 */
export function findHttpExchange(target: unknown, companion?: unknown): HttpExchange | undefined {
  if (target instanceof HttpExchange) return target;
  return isArgumentsHost(target) ? exchangeOfHost(target) : exchangeOf(target, companion);
}

/** As `findHttpExchange`. @throws SessionError `ERR_SESSION_NO_REQUEST` where there is none */
export function httpExchangeOf(target: unknown, companion?: unknown): HttpExchange {
  const exchange = findHttpExchange(target, companion);
  if (exchange !== undefined) return exchange;
  throw noRequest(
    isArgumentsHost(target) ? `the context is of type "${target.getType()}" and has none` : 'what was given is none',
  );
}

/** Whether the request came over TLS, as the framework judges it: behind a proxy its "trust proxy" setting decides. */
export function isSecure(request: RawRequest): boolean {
  const { protocol } = knownExchangeOf(request)?.reply?.request ?? (request as { protocol?: unknown });
  if (typeof protocol === 'string') return protocol === 'https';
  return 'encrypted' in request.socket && request.socket.encrypted === true;
}

function exchangeOfHost(host: ArgumentsHost): HttpExchange | undefined {
  const type: string = host.getType();
  switch (type) {
    case 'http':
      return exchangeOf(host.getArgByIndex(0), host.getArgByIndex(1));
    case 'graphql': // The arguments of a resolver: root, args, context, info.
      return exchangeOf(host.getArgByIndex(2), undefined);
    case 'ws':
      return exchangeOf(host.getArgByIndex(0), undefined);
    default:
      return undefined;
  }
}

function exchangeOf(target: unknown, companion: unknown): HttpExchange | undefined {
  if (isSocket(target)) {
    const request = handshakeOf(target, rawOf(companion, isRawRequest));
    return request && exchangeFor(request);
  }
  const request = rawOf(target, isRawRequest);
  return request === undefined ? exchangeOfGraphqlContext(target) : answered(request, companion);
}

/**
 * Servers call it `{ req, res }` (Apollo on Express) or `{ request, reply }` (Apollo on Fastify, Mercurius). Of an
 * operation that came over a socket, Nest calls `req` what graphql-ws knows of it: the handshake is in its `extra`.
 */
function exchangeOfGraphqlContext(context: unknown): HttpExchange | undefined {
  // A response knows its request too, but whoever gives one alone has mixed them up.
  if (!isObject(context) || isRawResponse(context)) return undefined;
  const reply = context.res ?? context.reply;
  const given = context.req ?? context.request ?? (isObject(reply) ? reply.request : undefined);
  const request = rawOf(given, isRawRequest) ?? handshakeOfGraphqlWs(given);
  return request && answered(request, reply);
}

function handshakeOfGraphqlWs(socket: unknown): RawRequest | undefined {
  return isObject(socket) && isObject(socket.extra) ? rawOf(socket.extra.request, isRawRequest) : undefined;
}

function answered(request: RawRequest, companion: unknown): HttpExchange {
  const exchange = exchangeFor(request);
  exchange.answerBy(companion);
  return exchange;
}

function isArgumentsHost(value: unknown): value is ArgumentsHost {
  return isObject(value) && typeof value.getType === 'function' && typeof value.switchToHttp === 'function';
}

function noRequest(why: string): SessionError {
  return new SessionError(
    'ERR_SESSION_NO_REQUEST',
    `Cannot open a session without an HTTP request: ${why}. Give a context of HTTP, GraphQL or WebSocket, a request ` +
      'and its response, or a socket; for a socket of ws give the request of its handshake too, in handleConnection().',
  );
}
