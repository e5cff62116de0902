import { type DynamicModule, type Provider, Scope } from '@nestjs/common';
import { APP_INTERCEPTOR, REQUEST } from '@nestjs/core';
import { DEFAULT_NAME } from '../options/session.options.js';
import { SessionInterceptor } from './session.interceptor.js';
import { SessionError } from '../session.errors.js';
import { SessionManager } from '../session/session.manager.js';
import { SessionService } from '../session/session.service.js';
import { getSessionManagerToken, getSessionToken } from './session.tokens.js';

/** What the module provides for the session called `name`, and what of it can be injected elsewhere. */
export function sessionProviders(name: string = DEFAULT_NAME): Required<Pick<DynamicModule, 'providers' | 'exports'>> {
  const manager = getSessionManagerToken(name);
  const session = getSessionToken(name);
  const interceptor = name === DEFAULT_NAME ? SessionInterceptor : `SessionInterceptor(${name})`;
  const providers: Provider[] = [
    {
      provide: manager,
      useClass: SessionManager,
    },
    {
      provide: interceptor,
      useFactory: (sessions: SessionManager) => new SessionInterceptor(sessions, name),
      inject: [manager],
    },
    { provide: APP_INTERCEPTOR, useExisting: interceptor },
    {
      provide: session,
      scope: Scope.REQUEST,
      useFactory: openLater,
      inject: [manager, REQUEST],
    },
  ];
  return { providers, exports: [manager, session] };
}

/**
 * The session of a request; without one, as in a listener of @nestjs/event-emitter or a job of a queue, a session whose
 * members throw: an error here would come from the constructor of a class that may not need its session then.
 */
function openLater(sessions: SessionManager, request: object): SessionService {
  try {
    return sessions.open(request);
  } catch (error) {
    if (error instanceof SessionError && error.code === 'ERR_SESSION_NO_REQUEST') {
      return SessionService.withoutRequest(error);
    }
    throw error;
  }
}
