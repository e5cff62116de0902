import { exchangeFor, type FastifyReplyLike, knownExchangeOf } from './http-exchange.js';

type Hook = (request: unknown, reply: FastifyReplyLike, done: () => void) => void;

/** As much of Nest's HttpAdapter as is needed. */
export interface HttpAdapterLike {
  getType(): string;
  getInstance(): unknown;
}

interface Hooked {
  addHook(name: 'onRequest' | 'onResponse', hook: Hook): void;
}

/**
 * Remembers the reply of each request of a Fastify application until it has been sent: from a Fastify request no way
 * leads to its reply, and a request-scoped provider knows only the request. To be called before the application is ready.
 */
export function rememberFastifyReplies(adapter: HttpAdapterLike | undefined): void {
  if (adapter?.getType() !== 'fastify') return;
  const fastify = adapter.getInstance() as Hooked;
  fastify.addHook('onRequest', (_request, reply, done) => {
    exchangeFor(reply.request.raw).remember(reply);
    done();
  });
  fastify.addHook('onResponse', (_request, reply, done) => {
    knownExchangeOf(reply.request.raw)?.letGoOf(reply);
    done();
  });
}
