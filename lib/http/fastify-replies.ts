import { type FastifyReplyLike, rememberReply } from './replies-in-flight.js';

type OnRequestHook = (request: unknown, reply: FastifyReplyLike, done: () => void) => void;

/** As much of Nest's HttpAdapter as is needed. */
export interface HttpAdapterLike {
  getType(): string;
  getInstance(): unknown;
}

/**
 * Remembers the reply of each request of a Fastify application: from a Fastify request no way leads to its reply,
 * and a request-scoped provider knows only the request. To be called before the application is ready.
 */
export function rememberFastifyReplies(adapter: HttpAdapterLike | undefined): void {
  if (adapter?.getType() !== 'fastify') return;
  const fastify = adapter.getInstance() as { addHook(name: 'onRequest', hook: OnRequestHook): void };
  fastify.addHook('onRequest', (_request, reply, done) => {
    rememberReply(reply);
    done();
  });
}
