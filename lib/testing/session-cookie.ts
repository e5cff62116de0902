import type { INestApplicationContext } from '@nestjs/common';
import type { SessionManager } from '../session/session.manager.js';
import { getSessionManagerToken } from '../module/session.tokens.js';
import { cookieHeaderOf, exchange } from './fake-exchange.js';

/** Which session to make, and how. */
export interface SessionCookieOptions {
  /** The name of the session, as in `SessionModule.forRoot({ name })`. @default the one without a name */
  readonly name?: string | undefined;
  /** A lifetime of its own, in seconds. @default the module's */
  readonly maxAge?: number | undefined;
}

/**
 * Makes the Cookie header of a client that has a session, with the secret of the application under test.
 *
 * @param data what the session holds; nothing of it makes no cookie
 * @returns a header such as `session=eyJ…`
 * @throws SessionError for what a handler could not save either
 * @example
 * await request(app.getHttpServer()).get('/me').set('Cookie', sessionCookie(app, { user: 'tom' })).expect(200);
 */
export function sessionCookie(
  app: INestApplicationContext,
  data: object,
  { name, maxAge }: SessionCookieOptions = {},
): string {
  const manager = app.get<SessionManager>(getSessionManagerToken(name), { strict: false });
  const { setCookie } = exchange<object, void>(manager, '', (session) => {
    session.update(data);
    if (maxAge !== undefined) session.maxAge = maxAge;
  });
  return cookieHeaderOf(setCookie);
}
