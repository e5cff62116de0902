import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject } from './is-object.js';
import { createSlot } from './slot.js';

/** As much of a FastifyReply as is needed; Fastify itself is no dependency. */
export interface FastifyReplyLike {
  readonly raw: ServerResponse;
  readonly request: { readonly raw: IncomingMessage; readonly protocol: string };
}

const replies = createSlot<object, FastifyReplyLike>();

/**
 * Remembers the reply to a request until it has been sent and the next one comes over the same socket. It hangs on the
 * socket, because Nest keeps the request of each request-scoped provider until V8 collects the whole heap: with the
 * reply it would keep the response, by far the largest part. Where a socket has several replies in flight, as when a
 * client does not wait for the first, the others hang on their requests.
 */
export function rememberReply(reply: FastifyReplyLike): void {
  const request = reply.request.raw;
  const before = replies.get(request.socket);
  const isFree = before === undefined || before.raw.writableFinished;
  replies.set(isFree ? request.socket : request, reply);
}

/** The reply to a request, as long as it is remembered. */
export function replyTo(request: IncomingMessage): FastifyReplyLike | undefined {
  // Requests that somebody made up may have no socket.
  const socket: unknown = request.socket;
  const reply = isObject(socket) ? replies.get(socket) : undefined;
  return reply?.request.raw === request ? reply : replies.get(request);
}
