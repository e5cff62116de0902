import { CacheInterceptor, CacheModule } from '@nestjs/cache-manager';
import { describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  type INestApplication,
  Injectable,
  type NestInterceptor,
  Req,
  Scope,
  type Type,
} from '@nestjs/common';
import { APP_INTERCEPTOR, ContextIdFactory, type ContextIdStrategy, LazyModuleLoader } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiCookieAuth } from '@nestjs/swagger';
import { TerminusModule } from '@nestjs/terminus';
import { Session, SessionManager, SessionService } from 'nestjs-sessions';
import { PLATFORMS, startApp } from '../../support/app.js';
import { exportOf } from '../../support/documents.js';
import { routes } from '../../support/routes.js';
import { claimsOf, forge, signIn } from '../../support/tokens.js';

const PAGE = 'docs/around.md';
const controller = routes({
  user: (session) => `Hello ${session.get('user')}`,
  login: (session) => session.set('user', 'ada'),
});
const cookieOf = (user: string, jti: string) => ({
  headers: { cookie: `session=${forge({ user }, { claims: { jti } })}` },
});

describe.each(PLATFORMS)('With @nestjs/cache-manager (%s)', (platform) => {
  const start = (interceptor: Type<NestInterceptor>) =>
    startApp(platform, {
      imports: [CacheModule.register()],
      controllers: [controller],
      providers: [{ provide: APP_INTERCEPTOR, useClass: interceptor }],
    });
  const ada = cookieOf('ada', 'a'.repeat(22));
  const tom = cookieOf('tom', 't'.repeat(22));

  it('CacheInterceptor gives the response of one user to another', async () => {
    const client = (await start(CacheInterceptor)).client();
    expect((await client.get('/user', ada)).text).toBe('Hello ada');
    expect((await client.get('/user', tom)).text).toBe('Hello ada');
  });

  it('SessionCacheInterceptor gives each session its own, and caches none without a session', async () => {
    let runs = 0;
    const counting = routes({ user: (session) => `Hello ${session.get('user')} ${++runs}` });
    const app = await startApp(platform, {
      imports: [CacheModule.register()],
      controllers: [counting],
      providers: [
        { provide: APP_INTERCEPTOR, useClass: await exportOf<Type<NestInterceptor>>(PAGE, 'SessionCacheInterceptor') },
      ],
    });
    const client = app.client();
    const texts: string[] = [];
    for (const who of [ada, tom, ada, tom, {}, {}]) texts.push((await client.get('/user', who)).text);
    expect(texts).toEqual([
      'Hello ada 1',
      'Hello tom 2',
      'Hello ada 1',
      'Hello tom 2',
      'Hello undefined 3',
      'Hello undefined 4',
    ]);
  });
});

describe.each(PLATFORMS)('With @nestjs/swagger (%s)', (platform) => {
  it('the document has the cookie, and no parameter for the session', async () => {
    @Controller()
    class DescribedController {
      @Get('me')
      @ApiCookieAuth()
      me(@Session() session: Session): string {
        return String(session.get('user'));
      }
    }
    const describeApi = await exportOf<(app: INestApplication) => OpenAPIObject>(PAGE, 'describeApi');
    const { app } = await startApp(platform, { controllers: [DescribedController] });
    const document = describeApi(app);
    expect(document.components?.securitySchemes).toEqual({ cookie: { type: 'apiKey', in: 'cookie', name: 'session' } });
    expect(document.paths['/me']?.get).toMatchObject({ parameters: [], security: [{ cookie: [] }] });
  });
});

@Injectable({ scope: Scope.REQUEST, durable: true })
class Keeper {
  constructor(readonly session: SessionService) {}
}

@Controller('keeps')
class KeepingController {
  constructor(private readonly keeper: Keeper) {}

  @Get()
  show(): string {
    return String(this.keeper.session.get('user'));
  }
}

describe.each(PLATFORMS)('With durable providers (%s)', (platform) => {
  it('the session chooses the tenant', async () => {
    let made = 0;

    @Injectable({ scope: Scope.REQUEST, durable: true })
    class Tenant {
      readonly number = ++made;
    }

    @Controller('durable')
    class DurableController {
      constructor(private readonly tenant: Tenant) {}

      @Get()
      show(@Session('user') user: string): string {
        return `${this.tenant.number} ${user}`;
      }
    }

    @Controller('each')
    class EachController {
      constructor(
        private readonly tenant: Tenant,
        private readonly session: SessionService<{ user: string }>,
      ) {}

      @Get()
      show(): string {
        return `${this.tenant.number} ${this.session.get('user')}`;
      }
    }

    const TenantStrategy = await exportOf<new (sessions: SessionManager) => ContextIdStrategy>(PAGE, 'TenantStrategy');
    const app = await startApp(platform, {
      controllers: [DurableController, EachController],
      providers: [Tenant],
      configure: (nest) => ContextIdFactory.apply(new TenantStrategy(nest.get(SessionManager))),
    });
    const client = app.client();
    const ask = async (path: string, user: string, tenant: string) => {
      await signIn(client, { user, tenant });
      return (await client.get(path)).text;
    };
    for (const path of ['/durable', '/each']) {
      const texts = [await ask(path, 'ada', 'red'), await ask(path, 'tom', 'red'), await ask(path, 'eve', 'blue')];
      expect([path, ...texts]).toEqual([path, '1 ada', '1 tom', '2 eve']);
    }
  });

  it('a durable provider cannot have the session of a request, which it outlives', async () => {
    const TenantStrategy = await exportOf<new (sessions: SessionManager) => ContextIdStrategy>(PAGE, 'TenantStrategy');
    const app = await startApp(platform, {
      controllers: [KeepingController],
      providers: [Keeper],
      configure: (nest) => ContextIdFactory.apply(new TenantStrategy(nest.get(SessionManager))),
    });
    const reply = await app.client().get('/keeps', cookieOf('ada', 'a'.repeat(22)));
    expect(reply.status).toBe(500);
  });
});

describe.each(PLATFORMS)('With @nestjs/event-emitter (%s)', (platform) => {
  it('a listener gets the values that it needs', async () => {
    const Audit = await exportOf<Type<{ lines: string[] }>>(PAGE, 'Audit');
    const EventController = await exportOf<Type<unknown>>(PAGE, 'EventController');
    const app = await startApp(platform, {
      imports: [EventEmitterModule.forRoot()],
      providers: [Audit],
      controllers: [EventController],
    });
    const client = app.client();
    await client.post('/login');
    const { jti } = claimsOf((await client.cookie()) ?? '');
    expect(app.app.get(Audit).lines).toEqual([`ada in ${jti}`]);
  });
});

describe.each(PLATFORMS)('With lazy modules (%s)', (platform) => {
  it('a module that is loaded later has the sessions', async () => {
    const ReportsModule = await exportOf<Type<unknown>>(PAGE, 'ReportsModule');
    const Reports = await exportOf<Type<{ titleFor(request: object): string }>>(PAGE, 'Reports');

    @Controller()
    class ReportController {
      constructor(private readonly loader: LazyModuleLoader) {}
      @Get('report')
      async report(@Req() request: object): Promise<string> {
        const module = await this.loader.load(() => ReportsModule);
        return module.get(Reports).titleFor(request);
      }
    }
    const client = (await startApp(platform, { controllers: [ReportController] })).client();
    expect((await client.get('/report', cookieOf('ada', 'a'.repeat(22)))).text).toBe('Report for ada');
    expect((await client.get('/report')).text).toBe('Report for nobody');
  });
});

describe.each(PLATFORMS)('With @nestjs/terminus (%s)', (platform) => {
  it('a health check neither begins a session nor varies by the cookie', async () => {
    const app = await startApp(platform, {
      imports: [TerminusModule],
      controllers: [await exportOf<Type<unknown>>(PAGE, 'HealthController')],
      session: { rolling: true },
    });
    const client = app.client();
    await signIn(client, { user: 'ada' });
    const reply = await client.get('/health');
    expect([reply.status, reply.setCookie, reply.headers.vary]).toEqual([200, [], undefined]);
    expect(JSON.parse(reply.text)).toMatchObject({ status: 'ok' });
  });
});
