import type { ArgumentsHost } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SessionError } from '../session.errors.js';
import { fastifyReplyOf } from './fastify-replies.js';

/** The request as Node made it, below whatever a framework wraps around it. */
export type RawRequest = IncomingMessage;
/** The response as Node made it. */
export type RawResponse = ServerResponse;

/** A raw request and, as far as it can be known, its raw response. */
export interface HttpExchange {
  readonly request: RawRequest;
  readonly response: RawResponse | undefined;
}

/**
 * Finds the raw exchange behind what a program has in its hands.
 *
 * @param target an ExecutionContext or ArgumentsHost, an Express or Fastify request, or a raw one
 * @param response the response that belongs to it, of Express, of Fastify or raw
 * @throws SessionError `ERR_SESSION_NO_REQUEST` where there is none
 */
export function httpExchangeOf(target: unknown, response?: unknown): HttpExchange {
  if (!isArgumentsHost(target)) return exchangeOf(target, response);
  const type: string = target.getType();
  if (type !== 'http') throw noRequest(`the context is of type "${type}"`);
  const http = target.switchToHttp();
  return exchangeOf(http.getRequest(), http.getResponse());
}

/** Whether the request came over TLS, as the framework judges it: behind a proxy its "trust proxy" setting decides. */
export function isSecure(request: RawRequest): boolean {
  const { protocol } = fastifyReplyOf(request)?.request ?? (request as { protocol?: unknown });
  if (typeof protocol === 'string') return protocol === 'https';
  return 'encrypted' in request.socket && request.socket.encrypted === true;
}

function exchangeOf(request: unknown, response: unknown): HttpExchange {
  const raw = rawOf(request, isRawRequest);
  if (raw === undefined) throw noRequest('what was given is no HTTP request');
  return { request: raw, response: rawOf(response, isRawResponse) ?? knownResponseOf(raw) };
}

/** Express hangs the response on its request; for Fastify a hook remembers it. */
function knownResponseOf(request: RawRequest): RawResponse | undefined {
  return fastifyReplyOf(request)?.raw ?? rawOf((request as { res?: unknown }).res, isRawResponse);
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function noRequest(why: string): SessionError {
  return new SessionError(
    'ERR_SESSION_NO_REQUEST',
    `Cannot open a session: ${why}. Give an ExecutionContext of type "http", or a request and its response.`,
  );
}
