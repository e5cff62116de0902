import { type DynamicModule, Inject, Module, type NestModule, Scope } from '@nestjs/common';
import { APP_INTERCEPTOR, HttpAdapterHost, REQUEST } from '@nestjs/core';
import { rememberFastifyReplies } from './http/fastify-replies.js';
import { SessionInterceptor } from './session.interceptor.js';
import { SessionManager } from './session.manager.js';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } from './session.module-definition.js';
import type { SessionModuleOptions } from './session.options.js';
import { SessionService } from './session.service.js';
import { resolveSettings, SESSION_SETTINGS } from './session.settings.js';

/** What concerns the module and not the session. */
export interface SessionModuleExtras {
  /**
   * Whether `SessionManager` and `SessionService` can be injected everywhere without importing the module again.
   * @default true
   */
  readonly isGlobal?: boolean | undefined;
}

/** HTTP sessions in one signed cookie. Import `SessionModule.forRoot()` once, in the application's root module. */
@Module({
  providers: [
    { provide: SESSION_SETTINGS, useFactory: resolveSettings, inject: [MODULE_OPTIONS_TOKEN] },
    SessionManager,
    SessionInterceptor,
    { provide: APP_INTERCEPTOR, useExisting: SessionInterceptor },
    {
      provide: SessionService,
      scope: Scope.REQUEST,
      useFactory: (sessions: SessionManager, request: object) => sessions.open(request),
      inject: [SessionManager, REQUEST],
    },
  ],
  exports: [SessionManager, SessionService],
})
export class SessionModule extends ConfigurableModuleClass implements NestModule {
  constructor(@Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost) {
    super();
  }

  /**
   * @param options `secretKey` and whatever differs from the defaults
   * @throws SessionError for options that cannot be meant; its message names option and remedy
   */
  static forRoot(options: SessionModuleOptions & SessionModuleExtras): DynamicModule;
  /**
   * @param secretKey at least 32 bytes, or several secrets, newest first
   * @param options whatever differs from the defaults
   */
  static forRoot(
    secretKey: SessionModuleOptions['secretKey'],
    options?: Omit<SessionModuleOptions, 'secretKey'> & SessionModuleExtras,
  ): DynamicModule;
  static forRoot(
    first: (SessionModuleOptions & SessionModuleExtras) | SessionModuleOptions['secretKey'],
    rest?: Omit<SessionModuleOptions, 'secretKey'> & SessionModuleExtras,
  ): DynamicModule {
    const { isGlobal, ...options } = ownOf(isSecretKey(first) ? { ...rest, secretKey: first } : first);
    // Thrown here, a mistake is reported at the line of the caller.
    resolveSettings(options);
    // By a factory, so that nothing that prints a module's metadata prints the secret.
    return super.forRootAsync({ useFactory: () => options, ...(isGlobal !== undefined && { isGlobal }) });
  }

  /** Nest calls this before the application is ready, the last moment for a Fastify hook. */
  configure(): void {
    rememberFastifyReplies(this.adapterHost.httpAdapter);
  }
}

function isSecretKey(value: unknown): value is SessionModuleOptions['secretKey'] {
  return typeof value !== 'object' || value === null || value instanceof Uint8Array || Array.isArray(value);
}

/** What `Object.prototype` was polluted with is no option. */
function ownOf<T extends object>(options: T): T {
  return Object.assign(Object.create(null) as T, options);
}
