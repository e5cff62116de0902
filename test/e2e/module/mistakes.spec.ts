import { describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  type INestApplication,
  Injectable,
  Module,
  Scope,
  Session as NestSession,
} from '@nestjs/common';
import { ContextIdFactory, ModuleRef } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { createRequire } from 'node:module';
import {
  getSessionManagerToken,
  InjectSession,
  Session,
  SessionManager,
  SessionModule,
  SessionService,
} from 'nestjs-sessions';
import type { RequestHandler } from 'express';
import { fakeSession } from 'nestjs-sessions/testing';
import { describeOnEachPlatform, SECRET, startApp } from '../../support/app.js';
import { errorOf, errorOfRejected } from '../../support/errors.js';
import { noRequest } from '../../support/no-request.js';

const expressSession = createRequire(import.meta.url)('express-session') as (options: object) => RequestHandler;

/** The errors that the application logs. */
class ErrorLogger {
  readonly errors: unknown[] = [];
  log = () => undefined;
  warn = () => undefined;
  error = (error: unknown) => void this.errors.push(error);
}

const compile = (...imports: Parameters<typeof Test.createTestingModule>[0]['imports'] & object) =>
  Test.createTestingModule({ imports }).compile();

describe('An import of the module', () => {
  const withoutOptions = {
    code: 'ERR_SESSION_OPTION_INVALID',
    message:
      'Cannot configure sessions: SessionModule is imported without options. Call SessionModule.forRoot({ secretKey }), ' +
      'once, in AppModule: it is global, and other modules need no import.',
  };

  it('without forRoot() says what to call', async () => {
    expect(await errorOfRejected(compile(SessionModule))).toEqual(withoutOptions);
  });

  it('without forRoot() in a feature module says the same, beside one with it', async () => {
    @Module({ imports: [SessionModule] })
    class FeatureModule {}
    expect(await errorOfRejected(compile(SessionModule.forRoot(SECRET), FeatureModule))).toEqual(withoutOptions);
  });

  it('with forRoot() in a feature module as well says that it is global', async () => {
    @Module({ imports: [SessionModule.forRoot(SECRET)] })
    class FeatureModule {}
    expect(await errorOfRejected(compile(SessionModule.forRoot(SECRET), FeatureModule))).toEqual({
      code: 'ERR_SESSION_OPTION_INVALID',
      message:
        'Cannot use the session option "name": another SessionModule has the name "default". Import ' +
        'SessionModule.forRoot() once, in AppModule: it is global. Give a second session its own name and cookieName.',
    });
  });
});

@Controller()
class NestsController {
  @Get('visit')
  visit(@NestSession() session: { visits?: number }): number {
    return (session.visits = (session.visits ?? 0) + 1);
  }

  @Get('both')
  both(@Session() ours: Session, @NestSession() theirs: object): number {
    return ours.size + Object.keys(theirs).length;
  }

  @Get('plain')
  plain(@Session() ours: Session): number {
    return ours.size;
  }
}

const importsWrong = (handler: string) =>
  expect.objectContaining({
    name: 'SessionError',
    code: 'ERR_SESSION_MISUSED',
    message:
      `Cannot hand out @Session() of @nestjs/common to NestsController.${handler}(): nothing has set request.session. ` +
      "Import Session from 'nestjs-sessions' instead; for request.session itself, see expressSession().",
  });

describeOnEachPlatform('@Session() of @nestjs/common', (platform) => {
  it.each(['visit', 'both'])('says which import is right (/%s)', async (handler) => {
    const logger = new ErrorLogger();
    const client = (await startApp(platform, { controllers: [NestsController], logger })).client();
    for (let round = 0; round < 2; round++) expect((await client.get(`/${handler}`)).status).toBe(500);
    expect(logger.errors).toEqual([importsWrong(handler), importsWrong(handler)]);
    expect((await client.get('/plain')).text).toBe('0');
  });

  it('hands out what other software has set', async () => {
    const configure = (app: INestApplication) => {
      if (platform === 'fastify') {
        const fastify = (app as NestFastifyApplication).getHttpAdapter().getInstance();
        fastify.decorateRequest('session', { getter: () => ({ visits: 41 }) } as never);
      } else {
        app.use(expressSession({ secret: SECRET, resave: false, saveUninitialized: true }));
      }
    };
    const client = (await startApp(platform, { controllers: [NestsController], configure })).client();
    expect((await client.get('/visit')).text).toBe(platform === 'fastify' ? '42' : '1');
  });
});

const withExpressSession = (app: INestApplication) => {
  const sessions = app.get(SessionManager);
  (app as NestExpressApplication).use(sessions.expressSession(), (request: object, _: object, next: () => void) => {
    if (Reflect.get(request, 'url') === '/ended') sessions.open(request).destroy();
    next();
  });
};

describe('@Session() of @nestjs/common, with expressSession()', () => {
  it('hands out the session, and undefined where it was destroyed', async () => {
    @Controller()
    class EndedController {
      @Get('ended')
      ended(@NestSession() session?: object): string {
        return typeof session;
      }
    }
    const controllers = [NestsController, EndedController];
    const client = (await startApp('express', { controllers, configure: withExpressSession })).client();
    expect([(await client.get('/visit')).text, (await client.get('/visit')).text]).toEqual(['1', '2']);
    expect((await client.get('/ended')).text).toBe('undefined');
  });
});

describe('SessionService in a request-scoped class without a request', () => {
  const created: string[] = [];

  @Injectable({ scope: Scope.REQUEST })
  class Listener {
    constructor(readonly session: SessionService) {
      created.push('listener');
    }
  }

  @Injectable({ scope: Scope.REQUEST, durable: true })
  class TenantListener {
    constructor(readonly session: SessionService) {
      created.push('tenant');
    }
  }

  @Injectable({ scope: Scope.REQUEST })
  class AdminListener {
    constructor(@InjectSession('admin') readonly session: SessionService) {
      created.push('admin');
    }
  }

  // What @nestjs/event-emitter does for a listener of @OnEvent(): the payload in the place of the request.
  it.each([
    ['an event', Listener, { orderId: 1 }],
    ['an event of a text', Listener, 'order 1'],
    ['nothing at all', Listener, undefined],
    ['an event, in a durable class', TenantListener, { tenant: 1 }],
    ['an event, by name', AdminListener, { orderId: 1 }],
  ])('throws at the first use of a member, not in the constructor: %s', async (_, type, payload) => {
    const module = await Test.createTestingModule({
      imports: [SessionModule.forRoot(SECRET), SessionModule.forRoot(SECRET, { name: 'admin', cookieName: 'admin' })],
      providers: [Listener, TenantListener, AdminListener],
    }).compile();
    const contextId = ContextIdFactory.create();
    const modules = module.get(ModuleRef);
    if (payload !== undefined) modules.registerRequestByContextId(payload, contextId);
    created.length = 0;
    const { session } = await modules.resolve<Listener>(type, contextId, { strict: false });
    expect(created).toHaveLength(1);
    for (const use of [
      () => session.get('user'),
      () => session.set('user', 'ada'),
      () => session.data,
      () => session.id,
      () => (session.maxAge = 60),
      () => session.destroy(),
    ]) {
      expect(errorOf(use)).toEqual(noRequest('the argument contains none'));
    }
    await module.close();
  });
});

describeOnEachPlatform('A substitute for the manager in a test', (platform) => {
  @Controller()
  class MeController {
    constructor(private readonly injected: SessionService) {}

    @Get('whole')
    whole(@Session() session: Session): string {
      return session.get('user');
    }

    @Get('value')
    value(@Session('user') user: string): string {
      return user;
    }

    @Get('injected')
    byInjection(): string {
      return this.injected.get('user');
    }

    @Get('admin')
    admin(@Session({ name: 'admin', key: 'user' }) user: string): string {
      return user;
    }
  }

  it('needs open() and seal() only, and gets what callers give', async () => {
    const calls: string[] = [];
    const substitute = (user: string) => ({
      open: (target: object) => {
        calls.push(`open ${typeof Reflect.get(target, 'switchToHttp')}`);
        return fakeSession({ user });
      },
      seal: (target: object) => void calls.push(`seal ${typeof Reflect.get(target, 'switchToHttp')}`),
    });
    const override = (builder: TestingModuleBuilder) =>
      builder
        .overrideProvider(SessionManager)
        .useValue(substitute('ada'))
        .overrideProvider(getSessionManagerToken('admin'))
        .useValue(substitute('root'));
    const imports = [SessionModule.forRoot(SECRET, { name: 'admin', cookieName: 'admin' })];
    const client = (await startApp(platform, { controllers: [MeController], imports, override })).client();
    for (const [path, user] of [
      ['whole', 'ada'],
      ['value', 'ada'],
      ['injected', 'ada'],
      ['admin', 'root'],
    ]) {
      const reply = await client.get(`/${path}`);
      expect([path, reply.status, reply.text]).toEqual([path, 200, user]);
    }
    expect(calls).toContain('open function');
    expect(calls.filter((call) => call.startsWith('seal'))).toEqual(Array.from({ length: 8 }, () => 'seal function'));
  });
});
