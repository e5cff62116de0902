import type { IncomingMessage, ServerResponse } from 'node:http';

/** The request as Node made it, without a framework's wrapper. */
export type RawRequest = IncomingMessage;
/** The response as Node made it, without a framework's wrapper. */
export type RawResponse = ServerResponse;

/** Unwraps a request or a response: Fastify keeps the raw object in `raw`, that of Express is the raw one. */
export function rawOf<T>(value: unknown, isRaw: (value: unknown) => value is T): T | undefined {
  if (!isObject(value)) return undefined;
  if (isRaw(value.raw)) return value.raw;
  return isRaw(value) ? value : undefined;
}

/** Whether `value` is a raw request, by its shape: requests of HTTP/2 and of `inject()` have other classes. */
export function isRawRequest(value: unknown): value is RawRequest {
  return isObject(value) && isObject(value.headers) && 'url' in value;
}

/** Whether `value` is a raw response, by its shape. */
export function isRawResponse(value: unknown): value is RawResponse {
  return isObject(value) && typeof value.writeHead === 'function' && typeof value.setHeader === 'function';
}

/** Whether `value` is an object, to check its shape next. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
