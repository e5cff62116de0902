import { afterEach, describe, expect, it } from '@jest/globals';
import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { SessionInterceptor } from '../../../lib/module/session.interceptor.js';
import { SessionManager } from '../../../lib/session/session.manager.js';
import { SessionModule } from '../../../lib/module/session.module.js';
import type { SessionModuleOptions, SessionOptionsFactory } from '../../../lib/options/session.options.js';
import { SESSION_SETTINGS, type SessionSettings } from '../../../lib/options/session.settings.js';
import { BAD_OPTIONS, BAD_SECRETS } from '../options/bad-options.js';
import { errorOf, errorOfRejected } from '../../support/errors.js';
import { SECRET } from '../../support/secrets.js';

const opened: TestingModule[] = [];
afterEach(() => Promise.all(opened.splice(0).map((module) => module.close())));

async function compile(...imports: (DynamicModule | Promise<DynamicModule>)[]): Promise<TestingModule> {
  const module = await Test.createTestingModule({ imports }).compile();
  opened.push(module);
  return module;
}

async function settingsOf(...imports: DynamicModule[]): Promise<SessionSettings> {
  return (await compile(...imports)).get<SessionSettings>(SESSION_SETTINGS, { strict: false });
}

/** The Set-Cookie line by which these settings delete. */
function lineOf({ transports: [own] }: SessionSettings): string | undefined {
  return own.delete([own.names[0]], false)[0];
}

const line = (name: string) =>
  `${name}=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax`;

/** Each asynchronous way to the same options. */
function asyncWays(options: SessionModuleOptions): [way: string, module: DynamicModule][] {
  @Injectable()
  class Factory implements SessionOptionsFactory {
    createSessionOptions(): SessionModuleOptions {
      return options;
    }
  }
  @Module({ providers: [Factory], exports: [Factory] })
  class FactoryModule {}
  return [
    ['useFactory', SessionModule.forRootAsync({ useFactory: () => options })],
    ['useFactory, later', SessionModule.forRootAsync({ useFactory: () => Promise.resolve(options) })],
    ['useClass', SessionModule.forRootAsync({ useClass: Factory })],
    ['useExisting', SessionModule.forRootAsync({ imports: [FactoryModule], useExisting: Factory })],
  ];
}

/** Of each kind of mistake the first. */
const kinds = [...new Map([...BAD_SECRETS, ...BAD_OPTIONS].map((bad) => [bad.message, bad])).values()];

describe('SessionModule.forRoot', () => {
  it.each<[string, DynamicModule]>([
    ['options', SessionModule.forRoot({ secretKey: SECRET, cookieName: 'id' })],
    ['a secret and options', SessionModule.forRoot(SECRET, { cookieName: 'id' })],
    ['a Buffer and options', SessionModule.forRoot(Buffer.from(SECRET), { cookieName: 'id' })],
    ['several secrets and options', SessionModule.forRoot([SECRET], { cookieName: 'id' })],
  ])('takes %s', async (_, module) => {
    expect(lineOf(await settingsOf(module))).toBe(line('id'));
  });

  it('takes a secret alone', async () => {
    expect(lineOf(await settingsOf(SessionModule.forRoot(SECRET)))).toBe(line('session'));
  });

  it('provides the manager and, by the interceptor that can be overridden, the global interceptor', async () => {
    const module = await compile(SessionModule.forRoot(SECRET));
    expect(module.get(SessionManager)).toBeInstanceOf(SessionManager);
    expect(module.get(SessionInterceptor, { strict: false })).toBeInstanceOf(SessionInterceptor);
    const { providers } = SessionModule.forRoot({ secretKey: SECRET });
    expect(providers).toContainEqual({ provide: APP_INTERCEPTOR, useExisting: SessionInterceptor });
  });

  it.each<[string, boolean | undefined, DynamicModule]>([
    ['global by default', true, SessionModule.forRoot(SECRET)],
    ['global for undefined', true, SessionModule.forRoot(SECRET, { isGlobal: undefined as unknown as boolean })],
    ['global if told so', true, SessionModule.forRoot({ secretKey: SECRET, isGlobal: true })],
    ['not global if told so', false, SessionModule.forRoot({ secretKey: SECRET, isGlobal: false })],
    ['not global if told so beside a secret', false, SessionModule.forRoot(SECRET, { isGlobal: false })],
    [
      'global by default, asynchronously',
      true,
      SessionModule.forRootAsync({ useFactory: () => ({ secretKey: SECRET }) }),
    ],
    [
      'not global if told so, asynchronously',
      false,
      SessionModule.forRootAsync({ isGlobal: false, useFactory: () => ({ secretKey: SECRET }) }),
    ],
  ])('is %s', (_, expected, module) => {
    expect(module).toMatchObject({ module: SessionModule, global: expected });
  });

  it.each(BAD_OPTIONS)('refuses at once $title', ({ options, code, message }) => {
    expect(errorOf(() => SessionModule.forRoot(options))).toStrictEqual({ code, message });
    const { secretKey, ...rest } = options;
    expect(errorOf(() => SessionModule.forRoot(secretKey, rest))).toStrictEqual({ code, message });
  });

  it.each(BAD_SECRETS)('refuses at once $title', ({ options, code, message }) => {
    expect(errorOf(() => SessionModule.forRoot(options))).toStrictEqual({ code, message });
  });

  it.each(BAD_SECRETS)('refuses at once, as its first argument, $title', ({ options, code, message }) => {
    expect(errorOf(() => SessionModule.forRoot(options.secretKey))).toStrictEqual({ code, message });
  });
});

describe('SessionModule.forRootAsync', () => {
  it.each(asyncWays({ secretKey: SECRET, cookieName: 'id', maxAge: 60 }))('takes options by %s', async (_, module) => {
    const settings = await settingsOf(module);
    expect(lineOf(settings)).toBe(line('id'));
    expect(settings.lifetime.options.maxAge).toBe(60);
  });

  it('injects the dependencies of the factory', async () => {
    @Module({ providers: [{ provide: 'NAME', useValue: 'id' }], exports: ['NAME'] })
    class ConfigModule {}
    const module = SessionModule.forRootAsync({
      imports: [ConfigModule],
      inject: ['NAME'],
      useFactory: (cookieName: string) => ({ secretKey: SECRET, cookieName }),
    });
    expect(lineOf(await settingsOf(module))).toBe(line('id'));
  });

  it.each(kinds)('refuses at start, however it gets them: $title', async ({ options, code, message }) => {
    for (const [way, module] of asyncWays(options)) {
      const complaint = await errorOfRejected(compile(module));
      expect({ way, ...complaint }).toStrictEqual({ way, code, message });
    }
  });

  it.each([null, undefined, 'a secret'])('refuses a factory that returns %j', async (nothing) => {
    const module = SessionModule.forRootAsync({ useFactory: () => nothing as unknown as SessionModuleOptions });
    expect(await errorOfRejected(compile(module))).toStrictEqual({
      code: 'ERR_SESSION_OPTION_INVALID',
      message: 'Cannot configure sessions: the options are not an object. Give at least { secretKey }.',
    });
  });
});
