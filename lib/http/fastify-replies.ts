import type { FastifyReplyLike } from './http-exchange.js';
import { exchangeFor, knownExchangeOf } from './kept-exchange.js';

type Hook = (request: unknown, reply: FastifyReplyLike, done: () => void) => void;

/** The part of Nest's `HttpAdapter` that is needed here. */
export interface HttpAdapterLike {
  getType(): string;
  getInstance(): unknown;
}

/** The part of a Fastify instance that is needed here. */
interface FastifyLike {
  addHook(name: 'onRequest' | 'onResponse', hook: Hook): void;
}

/**
 * Keeps the reply of each Fastify request until it has been sent: a request-scoped provider gets only the request,
 * which has no reference to its reply. Call it before the application is ready. Does nothing on other platforms.
 */
export function keepFastifyReplies(adapter: HttpAdapterLike | undefined): void {
  if (adapter?.getType() !== 'fastify') return;
  const fastify = adapter.getInstance() as FastifyLike;
  fastify.addHook('onRequest', (_request, reply, done) => {
    exchangeFor(reply.request.raw).setReply(reply);
    done();
  });
  fastify.addHook('onResponse', (_request, reply, done) => {
    knownExchangeOf(reply.request.raw)?.releaseReply(reply);
    done();
  });
}
