import { type DynamicModule, type Provider, Scope } from '@nestjs/common';
import { APP_INTERCEPTOR, REQUEST } from '@nestjs/core';
import { DEFAULT_NAME } from '../options/session.options.js';
import { SessionInterceptor } from './session.interceptor.js';
import { SessionManager } from '../session/session.manager.js';
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
      useFactory: (sessions: SessionManager) => new SessionInterceptor(sessions),
      inject: [manager],
    },
    { provide: APP_INTERCEPTOR, useExisting: interceptor },
    {
      provide: session,
      scope: Scope.REQUEST,
      useFactory: (sessions: SessionManager, request: object) => sessions.open(request),
      inject: [manager, REQUEST],
    },
  ];
  return { providers, exports: [manager, session] };
}
