import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { SessionModuleOptions } from '../options/session.options.js';
import { sessionProviders } from './session.providers.js';

/** What concerns the module and not the session. */
export interface SessionModuleExtras {
  /**
   * Whether `SessionManager` and `SessionService` can be injected everywhere without importing the module again.
   * @default true
   */
  readonly isGlobal?: boolean | undefined;

  /**
   * Tells this session from others of the application, each with a cookie of its own: `@Session({ name })`,
   * `@InjectSession(name)`, `@InjectSessionManager(name)`.
   * @default none: the session of `@Session()`, `SessionService` and `SessionManager`
   */
  readonly name?: string | undefined;
}

const OPTIONS_TOKEN = Symbol('SESSION_MODULE_OPTIONS');
const EXTRAS: SessionModuleExtras = { isGlobal: true, name: undefined };

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<SessionModuleOptions>({
  moduleName: 'Session',
  optionsInjectionToken: OPTIONS_TOKEN,
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createSessionOptions')
  .setExtras(EXTRAS, (definition, { isGlobal, name }) => {
    const { providers, exports } = sessionProviders(name, OPTIONS_TOKEN);
    return {
      ...definition,
      global: isGlobal ?? true,
      providers: [...(definition.providers ?? []), ...providers],
      exports,
    };
  })
  .build();
