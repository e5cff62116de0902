import { onArrival } from './arrival.js';
import type { HttpAdapterLike } from './fastify-replies.js';
import { exchangeFor } from './kept-exchange.js';
import type { RequestContext } from './request-context.js';

/** Has each request of an application, from its arrival on, run in a context. Call it before the application is ready. */
export function trackRequests(adapter: HttpAdapterLike & { getHttpServer(): unknown }, context: RequestContext): void {
  onArrival(adapter, (request, response, proceed) => {
    const exchange = exchangeFor(request);
    if (response !== undefined) exchange.announceResponse(response);
    context.enter(exchange, response === undefined, proceed);
  });
}
