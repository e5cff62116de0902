import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getIronSession, type IronSession } from 'iron-session';
import { type ApplicationFactory, byProperty, controllerOf, MAX_AGE, SECRET, type Visitor } from './application.js';

/** Express's objects are Node's own, Fastify's keep Node's. */
function rawOf<T extends object>(object: T | { readonly raw: T }): T {
  return 'raw' in object ? object.raw : object;
}

const Iron = createParamDecorator((_: unknown, context: ExecutionContext): Promise<IronSession<Visitor>> => {
  const http = context.switchToHttp();
  const [request, response] = [rawOf(http.getRequest<IncomingMessage>()), rawOf(http.getResponse<ServerResponse>())];
  const cookieOptions = { secure: false };
  return getIronSession(request, response, { cookieName: 'session', password: SECRET, ttl: MAX_AGE, cookieOptions });
});

export const application: ApplicationFactory = (order) => ({
  controllers: [
    controllerOf(order, Iron(), { ...byProperty, save: (session: IronSession<Visitor>) => session.save() }),
  ],
});
