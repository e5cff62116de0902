import type { INestApplicationContext } from '@nestjs/common';
import type { DefaultSessionData } from '../data/session-data.js';
import type { SessionManager } from '../session/session.manager.js';
import { getSessionManagerToken } from '../module/session.tokens.js';
import { cookieHeaderOf, exchange } from './fake-exchange.js';

/** Options of {@link sessionCookie}. */
export interface SessionCookieOptions {
  /** The session's name, as in `SessionModule.forRoot({ name })`. @default none */
  readonly name?: string | undefined;
  /** Lifetime of this session in seconds, as `session.maxAge`. @default the module's `maxAge` */
  readonly maxAge?: number | undefined;
  /** Its maximum lifetime in seconds, as by `session.setLifetime()`. @default the module's `absoluteMaxAge` */
  readonly absoluteMaxAge?: number | undefined;
}

/**
 * Makes the Cookie header of a client that has a session in the application under test.
 *
 * @param data what the session holds, or a part of it; empty data makes no cookie
 * @returns a header such as `session=eyJ…`
 * @throws SessionError for data that a handler could not save, as `ERR_SESSION_NOT_SERIALIZABLE` or
 * `ERR_SESSION_TOO_LARGE`, and `ERR_SESSION_MAX_AGE_INVALID`; `ERR_SESSION_MISUSED` where the application has a store:
 * `await saveSession()` instead
 * @example
 * await request(app.getHttpServer()).get('/me').set('Cookie', sessionCookie(app, { user: 'tom' })).expect(200);
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- named by the caller, as that of open()
export function sessionCookie<T extends object = DefaultSessionData>(
  app: INestApplicationContext,
  data: NoInfer<Partial<T>>,
  { name, maxAge, absoluteMaxAge }: SessionCookieOptions = {},
): string {
  const manager = app.get<SessionManager>(getSessionManagerToken(name), { strict: false });
  const { setCookie } = exchange<T, void>(manager, '', (session) => {
    session.update(data);
    session.setLifetime({ maxAge, absoluteMaxAge });
  });
  return cookieHeaderOf(setCookie);
}
