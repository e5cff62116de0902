import { type DynamicModule, Inject, Module, type NestModule, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef, ModulesContainer } from '@nestjs/core';
import { SessionManager } from '../session/session.manager.js';
import { fetchEarly } from './fetch-early.js';
import { getSessionManagerToken } from './session.tokens.js';
import { keepFastifyReplies } from '../http/fastify-replies.js';
import { trackRequests } from '../http/track-requests.js';
import { ConfigurableModuleClass, type SessionModuleExtras } from './session.module-definition.js';
import type { SecretKey, SessionModuleOptions } from '../options/session.options.js';
import { limitCookies, registerSession } from './session.registry.js';
import { SessionError } from '../session.errors.js';
import { resolveSettings, SESSION_SETTINGS, type SessionSettings } from '../options/session.settings.js';

/**
 * HTTP sessions in one signed or encrypted cookie. Import it once, in the root module.
 *
 * @example
 * @Module({ imports: [SessionModule.forRoot({ secretKey: process.env.SESSION_SECRET ?? '' })] })
 * export class AppModule {}
 */
@Module({ providers: [{ provide: SESSION_SETTINGS, useFactory: refuseMissingOptions }] })
export class SessionModule extends ConfigurableModuleClass implements NestModule, OnModuleDestroy {
  readonly #adapterHost: HttpAdapterHost;
  readonly #application: ModulesContainer;
  readonly #settings: SessionSettings;
  readonly #module: ModuleRef;
  #stopAsking: (() => void) | undefined;

  constructor(
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
    @Inject(ModulesContainer) application: ModulesContainer,
    @Inject(SESSION_SETTINGS) settings: SessionSettings,
    @Inject(ModuleRef) module: ModuleRef,
  ) {
    super();
    this.#adapterHost = adapterHost;
    this.#application = application;
    this.#settings = settings;
    this.#module = module;
    registerSession(application, settings);
  }

  /**
   * @param secretKey at least 32 bytes, or a list of such secrets, newest first
   * @param options options that differ from their defaults
   * @throws SessionError as the other form
   */
  static forRoot(
    secretKey: SecretKey,
    options?: Omit<SessionModuleOptions, 'secretKey'> & SessionModuleExtras,
  ): DynamicModule;
  // The last one, because compilers end their message with it: it names the option that does not fit. With a text beside the
  // options, the message for a secret that may be undefined ends with that, and not with options that were not meant.
  /**
   * @param options `secretKey`, and options that differ from their defaults
   * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN`, `ERR_SESSION_OPTION_INVALID`, `ERR_SESSION_SECRET_MISSING` or
   * `ERR_SESSION_SECRET_TOO_SHORT`; the message names the option and the remedy
   */
  static forRoot(options: string | (SessionModuleOptions & SessionModuleExtras)): DynamicModule;
  static forRoot(
    first: (SessionModuleOptions & SessionModuleExtras) | SecretKey,
    rest?: Omit<SessionModuleOptions, 'secretKey'> & SessionModuleExtras,
  ): DynamicModule {
    const { isGlobal, name, ...options } = withoutPrototype(isSecretKey(first) ? { ...rest, secretKey: first } : first);
    // Resolved here, so that a mistake is reported at the line of the caller, and nothing keeps the secret.
    const settings = resolveSettings(options, name);
    return super.forRootAsync({ useFactory: () => settings as object as SessionModuleOptions, isGlobal, name });
  }

  /** Called by Nest before the application is ready: Fastify takes no hooks later. */
  configure(): void {
    const { httpAdapter } = this.#adapterHost;
    keepFastifyReplies(httpAdapter);
    const { context } = this.#settings;
    if (context !== undefined) trackRequests(httpAdapter, context);
    limitCookies(this.#application, httpAdapter.getHttpServer());
    if (this.#settings.store === undefined) return;
    const manager: unknown = this.#module.get(getSessionManagerToken(this.#settings.name));
    // A test may have put something else in its place.
    if (!(manager instanceof SessionManager)) return;
    fetchEarly(httpAdapter, manager);
    this.#stopAsking = manager.sweepRegularly();
  }

  onModuleDestroy(): void {
    this.#stopAsking?.();
  }
}

/** In the place of the settings, which `forRoot()` provides: `imports: [SessionModule]` has none. */
function refuseMissingOptions(): never {
  throw new SessionError(
    'ERR_SESSION_OPTION_INVALID',
    'Cannot configure sessions: SessionModule is imported without options. Call SessionModule.forRoot({ secretKey }), ' +
      'once, in AppModule: it is global, and other modules need no import.',
  );
}

function isSecretKey(value: unknown): value is SecretKey {
  return typeof value !== 'object' || value === null || value instanceof Uint8Array || Array.isArray(value);
}

/** Without a prototype: a property of a polluted `Object.prototype` is not an option. */
function withoutPrototype<T extends object>(options: T): T {
  return Object.assign(Object.create(null) as T, options);
}
