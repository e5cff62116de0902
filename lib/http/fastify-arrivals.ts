import type { FastifyReplyLike } from './http-exchange.js';
import type { RawRequest, RawResponse } from './raw-http.js';

type RequestHook = (request: unknown, reply: FastifyReplyLike, done: () => void) => void;

/** The part of a Fastify instance that is needed here. */
export interface FastifyLike {
  addHook(name: 'onRequest', hook: RequestHook): void;
  addHook(name: 'onListen', hook: (done: () => void) => void): void;
  after(callback: () => void): void;
}

/**
 * Has `receive` called with the requests of Fastify that the wrapped server does not announce, before all other hooks.
 *
 * @param onServer called with each server that Fastify has made beside its own
 */
export function hookFastify(
  fastify: FastifyLike,
  receive: (request: RawRequest, response: RawResponse, proceed: () => void) => void,
  onServer: (server: unknown) => unknown,
): void {
  const hook: RequestHook = (_request, { request, raw }, done) => receive(request.raw, raw, () => done());
  fastify.addHook('onRequest', hook);
  fastify.after(() => putFirst(fastify, hook));
  // On "localhost" Fastify listens by a server for each further address, which only it knows. Where they cannot be found, their
  // requests arrive in the hook above, as injected ones do.
  fastify.addHook('onListen', (done) => {
    const servers = internalOf(fastify, 'fastify.serverBindings');
    if (Array.isArray(servers)) for (const server of servers) onServer(server);
    done();
  });
}

/**
 * Has a hook run before those that are older, because Nest's middleware is one of them. Where the list cannot be found, it runs
 * after them: what they ask of a stored session is an error then.
 */
function putFirst(fastify: object, hook: RequestHook): void {
  const { onRequest } = (internalOf(fastify, 'fastify.hooks') ?? {}) as { onRequest?: unknown };
  if (Array.isArray(onRequest) && onRequest.includes(hook)) {
    onRequest.unshift(...onRequest.splice(onRequest.indexOf(hook), 1));
  }
  // Plugins with a context of their own, and a copy of the list.
  const children = internalOf(fastify, 'fastify.children');
  if (Array.isArray(children)) for (const child of children) putFirst(child as object, hook);
}

/** What Fastify keeps under a symbol of its own; `undefined` in a release that does not. */
function internalOf(fastify: object, description: string): unknown {
  const key = Object.getOwnPropertySymbols(fastify).find((symbol) => symbol.description === description);
  return key && Reflect.get(fastify, key);
}
