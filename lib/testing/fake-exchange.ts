import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { SessionManager } from '../session/session.manager.js';
import type { SessionService } from '../session/session.service.js';

/** The result of an exchange without a network. */
export interface Outcome<R> {
  /** What the callback returned. */
  readonly result: R;
  /** The Set-Cookie lines of the response. */
  readonly setCookie: readonly string[];
}

/** Opens the session of a made-up request, passes it to `act`, then seals it and writes the headers. */
export function exchange<T extends object, R>(
  manager: SessionManager,
  cookie: string,
  act: (session: SessionService<T>) => R,
): Outcome<R> {
  const { request, response } = newExchange(cookie);
  const result = act(manager.open<T>(request, response));
  manager.seal(request);
  response.writeHead(200);
  const lines = response.getHeader('Set-Cookie') ?? [];
  return { result, setCookie: [lines].flat().map(String) };
}

/** A made-up request and its response, without a connection. */
export function newExchange(cookie: string): { readonly request: IncomingMessage; readonly response: ServerResponse } {
  const request = new IncomingMessage(new Socket());
  request.url = '/';
  if (cookie !== '') request.headers.cookie = cookie;
  return { request, response: new ServerResponse(request) };
}

/** The Cookie header that a browser would send after these Set-Cookie lines, without deleted cookies. */
export function cookieHeaderOf(setCookie: readonly string[]): string {
  const pairs = setCookie.filter((line) => !/; Max-Age=0(?:;|$)/i.test(line)).map((line) => line.split(';', 1)[0]);
  return pairs.join('; ');
}
