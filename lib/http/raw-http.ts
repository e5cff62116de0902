import type { IncomingMessage, ServerResponse } from 'node:http';

/** The request as Node made it, below whatever a framework wraps around it. */
export type RawRequest = IncomingMessage;
/** The response as Node made it. */
export type RawResponse = ServerResponse;

/** Fastify's objects keep the raw one under `raw`; an Express object is the raw one. */
export function rawOf<T>(value: unknown, isRaw: (value: unknown) => value is T): T | undefined {
  if (!isObject(value)) return undefined;
  if (isRaw(value.raw)) return value.raw;
  return isRaw(value) ? value : undefined;
}

// By shape and not by instanceof: HTTP/2 and injected requests have classes of their own.
export function isRawRequest(value: unknown): value is RawRequest {
  return isObject(value) && isObject(value.headers) && 'url' in value;
}

export function isRawResponse(value: unknown): value is RawResponse {
  return isObject(value) && typeof value.writeHead === 'function' && typeof value.setHeader === 'function';
}

/** Whether `value` has properties that can be asked for; for telling apart by shape what frameworks hand over. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
