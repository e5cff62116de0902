import type { ArgumentsHost } from '@nestjs/common';
import { SessionError } from '../session.errors.js';
import { HttpExchange } from './http-exchange.js';
import { exchangeFor } from './kept-exchange.js';
import { isObject, isRawRequest, isRawResponse, rawOf, type RawRequest } from './raw-http.js';
import { handshakeOf, isSocket } from './websocket-handshake.js';

/**
 * Finds the raw exchange behind a context, a request or a socket.
 *
 * @param target an ExecutionContext or ArgumentsHost; a request of Express, Fastify or Node; a GraphQL context; a
 * socket; or an exchange found before
 * @param responseOrHandshake the response to a request, or the handshake request of a socket
 * @returns `undefined` if there is no HTTP request
 */
export function findHttpExchange(target: unknown, responseOrHandshake?: unknown): HttpExchange | undefined {
  if (target instanceof HttpExchange) return target;
  return isArgumentsHost(target) ? exchangeOfHost(target) : exchangeOf(target, responseOrHandshake);
}

/** Like {@link findHttpExchange}. @throws SessionError `ERR_SESSION_NO_REQUEST` if there is no HTTP request */
export function httpExchangeOf(target: unknown, responseOrHandshake?: unknown): HttpExchange {
  const exchange = findHttpExchange(target, responseOrHandshake);
  if (exchange !== undefined) return exchange;
  throw noRequest(
    isArgumentsHost(target)
      ? `the context is of type ${JSON.stringify(target.getType())} and has none`
      : 'the argument contains none',
  );
}

function exchangeOfHost(host: ArgumentsHost): HttpExchange | undefined {
  const type: string = host.getType();
  switch (type) {
    case 'http':
      return exchangeOf(host.getArgByIndex(0), host.getArgByIndex(1));
    case 'graphql': // Resolver arguments: root, args, context, info.
      return exchangeOf(host.getArgByIndex(2), undefined);
    case 'ws':
      return exchangeOf(host.getArgByIndex(0), undefined);
    default:
      return undefined;
  }
}

function exchangeOf(target: unknown, responseOrHandshake: unknown): HttpExchange | undefined {
  if (isSocket(target)) {
    const request = handshakeOf(target, rawOf(responseOrHandshake, isRawRequest));
    return request && exchangeFor(request);
  }
  const request = rawOf(target, isRawRequest);
  return request === undefined ? exchangeOfGraphqlContext(target) : exchangeWith(request, responseOrHandshake);
}

/**
 * A GraphQL context is `{ req, res }` (Apollo on Express) or `{ request, reply }` (Apollo on Fastify, Mercurius). For
 * an operation over a socket, Nest puts the context of graphql-ws into `req`: the handshake request is in its `extra`.
 */
function exchangeOfGraphqlContext(context: unknown): HttpExchange | undefined {
  // A response has its request as `req` too, but a response without its request is a mistake of the caller.
  if (!isObject(context) || isRawResponse(context)) return undefined;
  const reply = context.res ?? context.reply;
  const requestOrSocket = context.req ?? context.request ?? (isObject(reply) ? reply.request : undefined);
  const request = rawOf(requestOrSocket, isRawRequest) ?? handshakeOfGraphqlWs(requestOrSocket);
  return request && exchangeWith(request, reply);
}

function handshakeOfGraphqlWs(context: unknown): RawRequest | undefined {
  return isObject(context) && isObject(context.extra) ? rawOf(context.extra.request, isRawRequest) : undefined;
}

function exchangeWith(request: RawRequest, response: unknown): HttpExchange {
  const exchange = exchangeFor(request);
  exchange.setResponse(response);
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
