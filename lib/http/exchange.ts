import type { ArgumentsHost } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SessionError } from '../session.errors.js';
import { fastifyReplyOf } from './fastify-replies.js';
import { isObject } from './is-object.js';
import { handshakeOf, isSocket } from './sockets.js';

/** The request as Node made it, below whatever a framework wraps around it. */
export type RawRequest = IncomingMessage;
/** The response as Node made it. */
export type RawResponse = ServerResponse;

/** A raw request and, as far as it can be known, its raw response. */
export interface HttpExchange {
  readonly request: RawRequest;
  /** `undefined` where none is known, or where none can be: the handshake of a socket has been answered. */
  readonly response: RawResponse | undefined;
}

/**
 * Finds the raw exchange behind what a program has in its hands.
 *
 * @param target an ExecutionContext or ArgumentsHost, a request of Express, of Fastify or of Node, a GraphQL context, or
 * a socket
 * @param companion the response that belongs to a request, or the request of a socket's handshake
 */
export function findHttpExchange(target: unknown, companion?: unknown): HttpExchange | undefined {
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
  const { protocol } = fastifyReplyOf(request)?.request ?? (request as { protocol?: unknown });
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
    return request && { request, response: undefined };
  }
  const request = rawOf(target, isRawRequest);
  if (request === undefined) return exchangeOfGraphqlContext(target);
  return { request, response: responseOf(request, companion) };
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
  return request && { request, response: responseOf(request, reply) };
}

function handshakeOfGraphqlWs(socket: unknown): RawRequest | undefined {
  return isObject(socket) && isObject(socket.extra) ? rawOf(socket.extra.request, isRawRequest) : undefined;
}

/**
 * The response that is given, or else the one that is known: Express hangs it on its request, for Fastify a hook
 * remembers it. Fastify has a reply to the handshake of a socket too, but that one never leaves.
 */
function responseOf(request: RawRequest, companion: unknown): RawResponse | undefined {
  const reply = fastifyReplyOf(request)?.raw;
  const { upgrade, res } = request as { upgrade?: unknown; res?: unknown };
  const response = rawOf(companion, isRawResponse) ?? reply ?? rawOf(res, isRawResponse);
  return upgrade === true && response === reply ? undefined : response;
}

/** Fastify's objects keep the raw one under `raw`; an Express object is the raw one. */
function rawOf<T>(value: unknown, isRaw: (value: unknown) => value is T): T | undefined {
  if (!isObject(value)) return undefined;
  if (isRaw(value.raw)) return value.raw;
  return isRaw(value) ? value : undefined;
}

// By shape and not by instanceof: HTTP/2 and injected requests have classes of their own.
function isRawRequest(value: unknown): value is RawRequest {
  return isObject(value) && isObject(value.headers) && 'url' in value;
}

function isRawResponse(value: unknown): value is RawResponse {
  return isObject(value) && typeof value.writeHead === 'function' && typeof value.setHeader === 'function';
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
