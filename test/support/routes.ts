import { Controller, Get, Req, Res, type Type } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Session, type SessionService } from 'nestjs-sessions';

/** What Express's response and Fastify's reply have in common. */
export interface AnyResponse {
  header(name: string, value: string | string[]): this;
  status(code: number): this;
  send(body?: unknown): unknown;
  redirect(url: string): unknown;
}

/** The response as Node made it. */
export function rawResponse(response: object): ServerResponse {
  return ('raw' in response ? response.raw : response) as ServerResponse;
}

/** The request as Node made it. */
export function rawRequest(request: object): IncomingMessage {
  return ('raw' in request ? request.raw : request) as IncomingMessage;
}

/** What stands in a handler: gets the session as by `@Session()`, the response as by `@Res({ passthrough: true })`. */
export type RouteHandler = (session: SessionService, response: AnyResponse, request: object) => unknown;

/** A controller with one GET route for each name. */
export function routes(handlers: Readonly<Record<string, RouteHandler>>): Type<unknown> {
  @Controller()
  class Routes {}
  for (const [name, handle] of Object.entries(handlers)) {
    const descriptor = { value: handle, writable: true, configurable: true };
    Object.defineProperty(Routes.prototype, name, descriptor);
    Session()(Routes.prototype, name, 0);
    Res({ passthrough: true })(Routes.prototype, name, 1);
    Req()(Routes.prototype, name, 2);
    Get(name)(Routes.prototype, name, descriptor);
  }
  return Routes;
}
