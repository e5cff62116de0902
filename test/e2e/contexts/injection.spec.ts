import { describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestMiddleware,
  type NestModule,
  Req,
  UseGuards,
} from '@nestjs/common';
import { Session, SessionManager, SessionService } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { errorOf } from '../../support/errors.js';
import { noRequest } from '../../support/no-request.js';
import { rawRequest } from '../../support/routes.js';
import { sentClaims, signIn } from '../../support/tokens.js';

/** Who got which session during the request. */
const given = new Map<string, SessionService>();
const created: string[] = [];

@Injectable()
class VisitorService {
  constructor(readonly session: SessionService) {
    given.set('service', session);
  }
}

@Injectable()
class InjectedGuard implements CanActivate {
  constructor(
    private readonly session: SessionService,
    private readonly sessions: SessionManager,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    given.set('guard', this.session);
    given.set('guard, by the manager', this.sessions.open(context));
    this.session.set('guard', true);
    return true;
  }
}

@Injectable()
class InjectedMiddleware implements NestMiddleware {
  constructor(
    private readonly session: SessionService,
    private readonly sessions: SessionManager,
  ) {}

  use(request: object, response: object, next: () => void): void {
    given.set('middleware', this.session);
    given.set('middleware, by the manager', this.sessions.open(request, response));
    given.set('middleware, by the manager and the request only', this.sessions.open(request));
    this.session.set('middleware', true);
    next();
  }
}

@Controller('injected')
@UseGuards(InjectedGuard)
class InjectedController {
  constructor(
    private readonly session: SessionService,
    private readonly visitor: VisitorService,
    private readonly sessions: SessionManager,
  ) {
    created.push('injected');
    given.set('constructor', session);
  }

  @Get()
  answer(@Session() session: Session, @Req() request: object): string {
    given.set('handler', session);
    given.set('handler, by the manager', this.sessions.open(request));
    given.set('handler, by the manager and the raw request', this.sessions.open(rawRequest(request)));
    this.session.set('controller', true);
    this.visitor.session.set('service', true);
    return 'ok';
  }
}

@Controller('decorated')
class DecoratedController {
  constructor() {
    created.push('decorated');
  }

  @Get()
  answer(@Session() session: Session, @Session('user') user: string, @Session('absent') absent?: string): string {
    return `${session.get('user')} ${user} ${absent}`;
  }
}

@Module({ controllers: [InjectedController, DecoratedController], providers: [VisitorService] })
class VisitorModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(InjectedMiddleware).forRoutes(InjectedController, 'nowhere');
  }
}

describeOnEachPlatform('The session of a request', (platform) => {
  const start = async () => {
    given.clear();
    created.length = 0;
    const client = (await startApp(platform, { imports: [VisitorModule] })).client();
    created.length = 0;
    await signIn(client, { user: 'tom' });
    return client;
  };

  it('is one object, in each way of asking for it', async () => {
    const client = await start();
    const reply = await client.get('/injected');
    const first = given.get('handler');
    expect(first).toBeInstanceOf(SessionService);
    expect([...given].filter(([, session]) => session !== first).map(([name]) => name)).toEqual([]);
    expect([...given.keys()].toSorted()).toEqual([
      'constructor',
      'guard',
      'guard, by the manager',
      'handler',
      'handler, by the manager',
      'handler, by the manager and the raw request',
      'middleware',
      'middleware, by the manager',
      'middleware, by the manager and the request only',
      'service',
    ]);
    expect(sentClaims(reply).data).toEqual({
      user: 'tom',
      middleware: true,
      guard: true,
      controller: true,
      service: true,
    });
    await client.get('/injected');
    expect(given.get('handler')).not.toBe(first);
  });

  it('is injected into a middleware where no route is found', async () => {
    const reply = await (await start()).get('/nowhere');
    expect([reply.status, sentClaims(reply).data]).toEqual([404, { user: 'tom', middleware: true }]);
  });

  describe('by @Session()', () => {
    it('comes whole, and as one value of it', async () => {
      expect((await (await start()).get('/decorated')).text).toBe('tom tom undefined');
    });

    it('leaves the controller a singleton, where SessionService makes it request-scoped', async () => {
      const client = await start();
      for (let n = 0; n < 3; n++) await client.get('/decorated');
      expect(created).toEqual([]);
      for (let n = 0; n < 3; n++) await client.get('/injected');
      expect(created).toEqual(['injected', 'injected', 'injected']);
    });
  });
});

describeOnEachPlatform('SessionManager.open()', (platform) => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an object', {}],
    ['text', 'request'],
  ])('opens no session for %s', async (_name, target) => {
    const sessions = (await startApp(platform, {})).app.get(SessionManager);
    expect(errorOf(() => sessions.open(target as object))).toEqual(noRequest('the argument contains none'));
  });

  it('opens a session to be read only where no response is known', async () => {
    const sessions = (await startApp(platform, {})).app.get(SessionManager);
    const session = sessions.open({ headers: {}, url: '/' });
    expect(session.get('user')).toBeUndefined();
    expect(errorOf(() => session.set('user', 'tom'))).toEqual({
      code: 'ERR_SESSION_READ_ONLY',
      message:
        'Cannot set a value of the session: no response is known that could carry its cookie. ' +
        'Open it with its response, sessions.open(request, response); the handshake of a socket is answered already.',
    });
  });
});
