import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { SessionManager } from '../session/session.manager.js';
import { SessionError } from '../session.errors.js';
import type { SessionService } from '../session/session.service.js';

/** The result of an exchange without a network. */
export interface Outcome<R> {
  /** What the callback returned. */
  readonly result: R;
  /** The Set-Cookie lines of the response. */
  readonly setCookie: readonly string[];
}

/**
 * Opens the session of a made-up request, passes it to `act`, then seals it and writes the headers.
 * @throws SessionError `ERR_SESSION_MISUSED` where the session is in a store, which cannot be asked without waiting
 */
export function exchange<T extends object, R>(
  manager: SessionManager,
  cookie: string,
  act: (session: SessionService<T>) => R,
): Outcome<R> {
  if (manager.isStored) throw inStore();
  const { request, response } = newExchange(cookie);
  const result = act(manager.open<T>(request, response));
  manager.seal(request);
  return { result, setCookie: setCookieOf(response) };
}

/** As {@link exchange}, also where the session is fetched from a store, and saved there. */
export async function exchangeWithStore<T extends object, R>(
  manager: SessionManager,
  cookie: string,
  act: (session: SessionService<T>) => R,
): Promise<Outcome<R>> {
  const { request, response } = newExchange(cookie);
  await manager.load(request, response);
  const result = act(manager.open<T>(request, response));
  await manager.save(request);
  return { result, setCookie: setCookieOf(response) };
}

/** A copy of what a session holds; `undefined` where no valid cookie came. */
export function dataOf<T extends object>(session: SessionService<T>): T | undefined {
  return session.isNew ? undefined : (Object.fromEntries(session.entries()) as T);
}

function setCookieOf(response: ServerResponse): string[] {
  response.writeHead(200);
  const lines = response.getHeader('Set-Cookie') ?? [];
  return [lines].flat().map(String);
}

function inStore(): SessionError {
  return new SessionError(
    'ERR_SESSION_MISUSED',
    'Cannot make or read a session cookie alone: the session is in a store. Write await saveSession(app, data) and ' +
      'await loadSession(app, cookie).',
  );
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
