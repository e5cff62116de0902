import { ConfigurableModuleBuilder, type Provider } from '@nestjs/common';
import type { SessionModuleOptions } from '../options/session.options.js';
import { resolveSettings, SESSION_SETTINGS } from '../options/session.settings.js';
import { sessionProviders } from './session.providers.js';

/** Options of the module, not of the session. */
export interface SessionModuleExtras {
  /**
   * Whether every module can inject `SessionManager` and `SessionService` without importing this one.
   * @default true
   */
  readonly isGlobal?: boolean | undefined;

  /**
   * Name of this session in an application with several, each with its own cookie: `@Session({ name })`,
   * `@InjectSession(name)`, `@InjectSessionManager(name)`.
   * @default none: the session of `@Session()`, `SessionService` and `SessionManager`
   */
  readonly name?: string | undefined;
}

const OPTIONS_TOKEN = Symbol('SESSION_MODULE_OPTIONS');
const EXTRAS: SessionModuleExtras = { isGlobal: true, name: undefined };

/** Base class of `SessionModule`: `forRoot()` and `forRootAsync()` as Nest builds them. */
export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<SessionModuleOptions>({
  moduleName: 'Session',
  optionsInjectionToken: OPTIONS_TOKEN,
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createSessionOptions')
  .setExtras(EXTRAS, (definition, { isGlobal, name }) => {
    const { providers, exports } = sessionProviders(name);
    const given = (definition.providers ?? []).map((provider) => withoutSecret(provider, name));
    return { ...definition, global: isGlobal ?? true, providers: [...given, ...providers], exports };
  })
  .build();

/** Provides the settings in the place of the options: a provider's value can be printed, and options hold the secret. */
function withoutSecret(provider: Provider, name: string | undefined): Provider {
  if (typeof provider !== 'object' || !('useFactory' in provider) || provider.provide !== OPTIONS_TOKEN)
    return provider;
  const optionsOf = provider.useFactory as (...args: unknown[]) => SessionModuleOptions | Promise<SessionModuleOptions>;
  return {
    ...provider,
    provide: SESSION_SETTINGS,
    useFactory: async (...args: unknown[]) => resolveSettings(await optionsOf(...args), name),
  };
}
