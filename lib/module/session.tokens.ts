import { Inject } from '@nestjs/common';
import { DEFAULT_NAME } from '../options/session.options.js';
import { SessionManager } from '../session/session.manager.js';
import { SessionService } from '../session/session.service.js';

/** The injection token of the session that `SessionModule.forRoot({ name })` provides. @default `SessionService` */
export function getSessionToken(name = DEFAULT_NAME): typeof SessionService | string {
  return name === DEFAULT_NAME ? SessionService : `SessionService(${name})`;
}

/** The injection token of the manager that `SessionModule.forRoot({ name })` provides. @default `SessionManager` */
export function getSessionManagerToken(name = DEFAULT_NAME): typeof SessionManager | string {
  return name === DEFAULT_NAME ? SessionManager : `SessionManager(${name})`;
}

/**
 * Injects the session called `name`; request-scoped. Without a name, the class `SessionService` is enough.
 *
 * @example
 * constructor(@InjectSession('admin') private readonly admin: SessionService<Admin>) {}
 */
export const InjectSession = (name?: string): ReturnType<typeof Inject> => Inject(getSessionToken(name));

/**
 * Injects the manager of the session called `name`. Without a name, the class `SessionManager` is enough.
 *
 * @example
 * constructor(@InjectSessionManager('admin') private readonly admins: SessionManager) {}
 */
export const InjectSessionManager = (name?: string): ReturnType<typeof Inject> => Inject(getSessionManagerToken(name));
