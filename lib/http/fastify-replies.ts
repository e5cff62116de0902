import { exchangeFor, type FastifyReplyLike, knownExchangeOf } from './http-exchange.js';

type Hook = (request: unknown, reply: FastifyReplyLike, done: () => void) => void;

/** The part of Nest's HttpAdapter that is needed. */
export interface HttpAdapterLike {
  getType(): string;
  getInstance(): unknown;
}

interface Hooked {
  addHook(name: 'onRequest' | 'onResponse', hook: Hook): void;
}

/**
 * Keeps the reply of each request of a Fastify application until it has been sent: a Fastify request does not lead to its
 * reply, and a request-scoped provider knows only the request. Call it before the application is ready.
 */
export function keepFastifyReplies(adapter: HttpAdapterLike | undefined): void {
  if (adapter?.getType() !== 'fastify') return;
  const fastify = adapter.getInstance() as Hooked;
  fastify.addHook('onRequest', (_request, reply, done) => {
    exchangeFor(reply.request.raw).setReply(reply);
    done();
  });
  fastify.addHook('onResponse', (_request, reply, done) => {
    knownExchangeOf(reply.request.raw)?.releaseReply(reply);
    done();
  });
}
