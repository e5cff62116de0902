import { randomBytes } from 'node:crypto';
import type { DefaultSessionData, SessionData } from '../data/session-data.js';
import { SessionManager } from '../session/session.manager.js';
import type { SessionService } from '../session/session.service.js';
import { resolveSettings } from '../options/session.settings.js';
import { cookieHeaderOf, exchange, newExchange } from './fake-exchange.js';

/** `T`, which `data` itself defines, unless the application has said by `SessionData` what its sessions hold. */
export type Given<T> = keyof SessionData extends never ? T : NoInfer<T>;

/**
 * A session for unit tests of handlers and services: a real one, as if just loaded, without application or request.
 *
 * @param data what the session holds; if missing or empty, the session is new
 * @throws SessionError for data that a handler could not save, as `ERR_SESSION_NOT_SERIALIZABLE`
 * @example
 * const session = fakeSession<Visitor>({ visits: 1 });
 * expect(controller.visit(session)).toBe('Visit 2');
 * expect(session.isModified).toBe(true);
 */
export function fakeSession<T extends object = DefaultSessionData>(data?: Given<T>): SessionService<T> {
  const manager = new SessionManager(resolveSettings({ secretKey: randomBytes(32), cookieCount: 16 }));
  const { setCookie } = exchange<T, void>(manager, '', (session) => session.update(data ?? {}));
  const { request, response } = newExchange(cookieHeaderOf(setCookie));
  return manager.open<T>(request, response);
}
