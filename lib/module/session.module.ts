import { type DynamicModule, Inject, Module, type NestModule } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { keepFastifyReplies } from '../http/fastify-replies.js';
import { ConfigurableModuleClass, type SessionModuleExtras } from './session.module-definition.js';
import type { SessionModuleOptions } from '../options/session.options.js';
import { registerSession } from './session.registry.js';
import { resolveSettings, SESSION_SETTINGS, type SessionSettings } from '../options/session.settings.js';

/** HTTP sessions in one signed or encrypted cookie. Import `SessionModule.forRoot()` once, in the root module. */
@Module({})
export class SessionModule extends ConfigurableModuleClass implements NestModule {
  readonly #adapterHost: HttpAdapterHost;

  constructor(
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
    @Inject(ModulesContainer) application: ModulesContainer,
    @Inject(SESSION_SETTINGS) settings: SessionSettings,
  ) {
    super();
    this.#adapterHost = adapterHost;
    registerSession(application, settings);
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
    const { isGlobal, name, ...options } = ownOf(isSecretKey(first) ? { ...rest, secretKey: first } : first);
    // Resolved here, so that a mistake is reported at the line of the caller, and nothing keeps the secret.
    const settings = resolveSettings(options, name);
    return super.forRootAsync({ useFactory: () => settings as object as SessionModuleOptions, isGlobal, name });
  }

  /** Nest calls this before the application is ready, the last moment for a Fastify hook. */
  configure(): void {
    keepFastifyReplies(this.#adapterHost.httpAdapter);
  }
}

function isSecretKey(value: unknown): value is SessionModuleOptions['secretKey'] {
  return typeof value !== 'object' || value === null || value instanceof Uint8Array || Array.isArray(value);
}

/** What `Object.prototype` was polluted with is no option. */
function ownOf<T extends object>(options: T): T {
  return Object.assign(Object.create(null) as T, options);
}
