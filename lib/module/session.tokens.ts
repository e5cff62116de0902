import { Inject } from '@nestjs/common';
import { DEFAULT_NAME } from '../options/session.options.js';
import { SessionManager } from '../session/session.manager.js';
import { SessionService } from '../session/session.service.js';

/** The injection token of the session that `SessionModule.forRoot({ name })` registers. */
export function getSessionToken(name = DEFAULT_NAME): typeof SessionService | string {
  return name === DEFAULT_NAME ? SessionService : `SessionService(${name})`;
}

/** The injection token of the manager that `SessionModule.forRoot({ name })` registers. */
export function getSessionManagerToken(name = DEFAULT_NAME): typeof SessionManager | string {
  return name === DEFAULT_NAME ? SessionManager : `SessionManager(${name})`;
}

/** Injects the session of that name; request-scoped. The default one can be injected by its class alone. */
export const InjectSession = (name?: string): ReturnType<typeof Inject> => Inject(getSessionToken(name));

/** Injects the manager of the session of that name. The default one can be injected by its class alone. */
export const InjectSessionManager = (name?: string): ReturnType<typeof Inject> => Inject(getSessionManagerToken(name));
