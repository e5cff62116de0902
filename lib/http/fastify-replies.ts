import type { ServerResponse } from 'node:http';
import { createSlot } from './slot.js';

/** As much of a FastifyReply as is needed; Fastify itself is no dependency. */
export interface FastifyReplyLike {
  readonly raw: ServerResponse;
  readonly request: { readonly raw: object; readonly protocol: string };
}

type OnRequestHook = (request: unknown, reply: FastifyReplyLike, done: () => void) => void;

/** As much of Nest's HttpAdapter as is needed. */
interface HttpAdapterLike {
  getType(): string;
  getInstance(): unknown;
}

const replies = createSlot<object, FastifyReplyLike>();

/**
 * Remembers the reply of each request of a Fastify application: from a Fastify request no way leads to its reply,
 * and a request-scoped provider knows only the request. To be called before the application is ready.
 */
export function rememberFastifyReplies(adapter: HttpAdapterLike | undefined): void {
  if (adapter?.getType() !== 'fastify') return;
  const fastify = adapter.getInstance() as { addHook(name: 'onRequest', hook: OnRequestHook): void };
  fastify.addHook('onRequest', (_request, reply, done) => {
    replies.set(reply.request.raw, reply);
    done();
  });
}

/** The reply to a raw request, if a Fastify application serves it. */
export function fastifyReplyOf(request: object): FastifyReplyLike | undefined {
  return replies.get(request);
}
