import type { INestApplicationContext } from '@nestjs/common';
import type { OpenedSessionData } from '../data/session-data.js';
import type { SessionManager } from '../session/session.manager.js';
import { getSessionManagerToken } from '../module/session.tokens.js';
import { cookieHeaderOf, dataOf, exchangeWithStore } from './fake-exchange.js';
import { type ResponseLike, setCookieOf } from './read-session.js';

/**
 * As `readSession()`, for an application with a store too: what its session holds now.
 *
 * @param from a response, its Set-Cookie lines, or a Cookie header. With a store a change does not always send a cookie: give
 * the header that the request had
 * @param name the session's name, as in `SessionModule.forRoot({ name })`; by default the session without a name
 * @returns a copy of the data, or `undefined` where there is no session
 * @throws SessionError rejected with `ERR_SESSION_STORE_UNAVAILABLE`
 * @example
 * const cookie = await saveSession(app, { visits: 1 });
 * await fetch(`${url}/visit`, { method: 'POST', headers: { cookie } });
 * expect(await loadSession(app, cookie)).toEqual({ visits: 2 });
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- named by the caller, as that of open()
export async function loadSession<T extends object = OpenedSessionData>(
  app: INestApplicationContext,
  from: ResponseLike | readonly string[] | string,
  name?: string,
): Promise<T | undefined> {
  const manager = app.get<SessionManager>(getSessionManagerToken(name), { strict: false });
  const cookie = typeof from === 'string' ? from : cookieHeaderOf(setCookieOf(from));
  return (await exchangeWithStore<T, T | undefined>(manager, cookie, dataOf)).result;
}
