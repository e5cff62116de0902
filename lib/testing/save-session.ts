import type { INestApplicationContext } from '@nestjs/common';
import type { DefaultSessionData } from '../data/session-data.js';
import type { SessionManager } from '../session/session.manager.js';
import { getSessionManagerToken } from '../module/session.tokens.js';
import { cookieHeaderOf, exchangeWithStore } from './fake-exchange.js';
import type { SessionCookieOptions } from './session-cookie.js';

/**
 * As `sessionCookie()`, for an application with a store too: saves a session and makes the Cookie header of its client.
 *
 * @param data what the session holds, or a part of it; empty data makes no cookie
 * @returns a header such as `session=eyJ…`
 * @throws SessionError rejected as `sessionCookie()` throws, and with `ERR_SESSION_STORE_UNAVAILABLE`
 * @example
 * const cookie = await saveSession(app, { user: 'tom' });
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- named by the caller, as that of open()
export async function saveSession<T extends object = DefaultSessionData>(
  app: INestApplicationContext,
  data: NoInfer<Partial<T>>,
  { name, maxAge, absoluteMaxAge }: SessionCookieOptions = {},
): Promise<string> {
  const manager = app.get<SessionManager>(getSessionManagerToken(name), { strict: false });
  const { setCookie } = await exchangeWithStore<T, void>(manager, '', (session) => {
    session.update(data);
    session.setLifetime({ maxAge, absoluteMaxAge });
  });
  return cookieHeaderOf(setCookie);
}
