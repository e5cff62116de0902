import type { INestApplicationContext } from '@nestjs/common';
import type { OpenedSessionData } from '../data/session-data.js';
import type { SessionManager } from '../session/session.manager.js';
import { getSessionManagerToken } from '../module/session.tokens.js';
import { cookieHeaderOf, dataOf, exchange } from './fake-exchange.js';

/** A response of fetch, supertest, undici or `app.inject()`. */
export interface ResponseLike {
  /** The response headers, with names in lower case. */
  readonly headers: Headers | Readonly<Record<string, unknown>>;
}

/**
 * Reads the data of the session that a response of the application under test has sent.
 *
 * @param response the response, or its Set-Cookie lines
 * @param name the session's name, as in `SessionModule.forRoot({ name })`; by default the session without a name
 * @returns a copy of the data, or `undefined` if the response sent no session or ended it
 * @throws SessionError `ERR_SESSION_MISUSED` where the application has a store: `await loadSession()` instead
 * @example
 * const response = await fetch(`${url}/login`, { method: 'POST' });
 * expect(readSession(app, response)).toEqual({ user: 'tom' });
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- named by the caller, as that of open()
export function readSession<T extends object = OpenedSessionData>(
  app: INestApplicationContext,
  response: ResponseLike | readonly string[],
  name?: string,
): T | undefined {
  const manager = app.get<SessionManager>(getSessionManagerToken(name), { strict: false });
  const cookie = cookieHeaderOf(setCookieOf(response));
  return exchange<T, T | undefined>(manager, cookie, dataOf).result;
}

/** The Set-Cookie lines of a response. */
export function setCookieOf(response: ResponseLike | readonly string[]): readonly string[] {
  if (!('headers' in response)) return response;
  if (response.headers instanceof Headers) return response.headers.getSetCookie();
  const lines = response.headers['set-cookie'];
  return typeof lines === 'string' ? [lines] : Array.isArray(lines) ? lines.map(String) : [];
}
