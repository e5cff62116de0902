import type { INestApplicationContext } from '@nestjs/common';
import type { SessionDefinition } from '../module/define-session.js';
import type { SessionService } from '../session/session.service.js';
import { fakeSession } from './fake-session.js';
import { loadSession } from './load-session.js';
import { type ResponseLike, readSession } from './read-session.js';
import { saveSession } from './save-session.js';
import { sessionCookie, type SessionCookieOptions } from './session-cookie.js';

/** The test kit for one session: its type and its name are known. */
export interface SessionTestKit<T extends object> {
  /** As the function of that name. */
  readonly sessionCookie: (
    app: INestApplicationContext,
    data: Partial<T>,
    options?: Pick<SessionCookieOptions, 'maxAge'>,
  ) => string;
  /** As the function of that name. */
  readonly readSession: (app: INestApplicationContext, response: ResponseLike | readonly string[]) => T | undefined;
  /** As the function of that name. */
  readonly saveSession: (
    app: INestApplicationContext,
    data: Partial<T>,
    options?: Pick<SessionCookieOptions, 'maxAge'>,
  ) => Promise<string>;
  /** As the function of that name. */
  readonly loadSession: (
    app: INestApplicationContext,
    from: ResponseLike | readonly string[] | string,
  ) => Promise<T | undefined>;
  /** As the function of that name. */
  readonly fakeSession: (data?: T) => SessionService<T>;
}

/**
 * The test kit for a session that `defineSession()` has declared.
 *
 * @example
 * const { sessionCookie, readSession, fakeSession } = testKitOf(visitors);
 */
export function testKitOf<T extends object>({ name }: SessionDefinition<T>): SessionTestKit<T> {
  return {
    sessionCookie: (app, data, options) => sessionCookie<T>(app, data, { ...options, name }),
    readSession: (app, response) => readSession<T>(app, response, name),
    saveSession: async (app, data, options) => saveSession<T>(app, data, { ...options, name }),
    loadSession: async (app, from) => loadSession<T>(app, from, name),
    fakeSession: (data) => fakeSession<T>(data),
  };
}
