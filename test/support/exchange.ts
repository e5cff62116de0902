import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** A request without a network, with this Cookie header, and its response. */
export function exchangeWith(cookie?: string): { request: IncomingMessage; response: ServerResponse } {
  const request = new IncomingMessage(new Socket());
  request.url = '/';
  if (cookie !== undefined) request.headers.cookie = cookie;
  return { request, response: new ServerResponse(request) };
}

/** A response without a network. */
export function newResponse(): ServerResponse {
  return exchangeWith().response;
}
