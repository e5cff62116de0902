import { describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  Body,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type ExecutionContext,
  Get,
  HttpException,
  type INestApplication,
  Inject,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestInterceptor,
  type NestModule,
  NotFoundException,
  type PipeTransform,
  Post,
  Res,
  Sse,
  StreamableFile,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate as later } from 'node:timers/promises';
import { defer, map, type Observable, tap, timer } from 'rxjs';
import { getSessionManagerToken, Session, SessionManager, SessionModule, type SessionService } from 'nestjs-sessions';
import { closeAfterTest, describeOnEachPlatform, OTHER_SECRET, startApp, suiteStore } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { type AnyResponse, rawResponse } from '../../support/routes.js';
import { savedClaims } from '../../support/saved.js';
import { forge, sentClaims, signIn, idOf } from '../../support/tokens.js';
import { exchangeWith } from '../../support/exchange.js';
import { thrownBy } from '../../support/errors.js';

interface Visitor {
  user?: string;
  seen?: string[];
}

/** A service far from the request: it gets neither a context nor a request. */
@Injectable()
class Deep {
  constructor(@Inject(SessionManager) private readonly sessions: SessionManager) {}

  get session(): SessionService<Visitor> {
    return this.sessions.current<Visitor>();
  }

  get user(): string {
    return this.session.get('user') ?? 'nobody';
  }

  note(place: string): void {
    this.session.set('seen', [...(this.session.get('seen') ?? []), place]);
  }
}

@Injectable()
class NotingGuard implements CanActivate {
  constructor(@Inject(Deep) private readonly deep: Deep) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await later();
    this.deep.note('guard');
    if (context.getHandler().name === 'denied') throw new HttpException('denied', 418);
    return true;
  }
}

@Injectable()
class NotingInterceptor implements NestInterceptor {
  constructor(@Inject(Deep) private readonly deep: Deep) {}

  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    this.deep.note('interceptor');
    return next.handle().pipe(tap(() => this.deep.note('after')));
  }
}

@Injectable()
class NotingPipe implements PipeTransform {
  constructor(@Inject(Deep) private readonly deep: Deep) {}

  transform(value: unknown): unknown {
    this.deep.note('pipe');
    return value;
  }
}

@Catch(HttpException)
class NotingFilter {
  constructor(@Inject(Deep) private readonly deep: Deep) {}

  catch(error: HttpException, host: ArgumentsHost): void {
    this.deep.note('filter');
    host.switchToHttp().getResponse<AnyResponse>().status(error.getStatus()).send('filtered');
  }
}

@Controller()
@UseGuards(NotingGuard)
@UseInterceptors(NotingInterceptor)
@UseFilters(NotingFilter)
class NotingController {
  constructor(
    @Inject(Deep) private readonly deep: Deep,
    @Inject(SessionManager) private readonly sessions: SessionManager,
  ) {}

  @Post('all')
  async all(@Body(NotingPipe) body: { text: string }, @Session() session: Session<Visitor>): Promise<string> {
    await later();
    this.deep.note('handler');
    return `${body.text.length} ${this.deep.session === session} ${this.sessions.current() === (session as object)}`;
  }

  @Get('denied')
  denied(): string {
    return 'never';
  }

  @Get('missing/page')
  missing(): never {
    throw new NotFoundException();
  }
}

@Controller()
class ReadingController {
  constructor(@Inject(Deep) private readonly deep: Deep) {}

  @Get('user')
  async user(): Promise<string> {
    await new Promise((resolve) => {
      process.nextTick(() => setImmediate(resolve));
    });
    return this.deep.user;
  }

  @Post('user')
  userNow(): string {
    return this.deep.user;
  }

  @Get('observed')
  observed(): Observable<string> {
    return timer(1).pipe(map(() => this.deep.user));
  }

  @Sse('events')
  events(): Observable<{ data: string }> {
    return defer(() => timer(0, 1).pipe(map((count) => ({ data: `${count} ${this.deep.user}` }))));
  }

  @Get('stream')
  stream(): StreamableFile {
    const { deep } = this;
    return new StreamableFile(
      Readable.from(
        (async function* () {
          for (let count = 0; count < 3; count++) {
            await later();
            yield Buffer.from(`${deep.user} `);
          }
        })(),
      ),
    );
  }

  @Get('by-hand')
  byHand(@Res() response: object): void {
    const raw = rawResponse(response);
    setImmediate(() => {
      this.deep.note('by hand');
      raw.end(this.deep.user);
    });
  }
}

@Module({})
class NotingModule implements NestModule {
  constructor(@Inject(Deep) private readonly deep: Deep) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply((_request: object, _response: object, next: () => void) => {
        this.deep.note('middleware');
        setImmediate(next);
      })
      .forRoutes('all', 'denied', 'nowhere');
  }
}

@Module({ providers: [Deep], exports: [Deep] })
class DeepModule {}

const READ = { controllers: [ReadingController], imports: [DeepModule], session: { currentSession: true } };
const BODY = JSON.stringify({ text: 'x'.repeat(60_000) });
const headers = { 'content-type': 'application/json' };

describeOnEachPlatform('The current session', (platform) => {
  const start = async () => {
    const module = { module: NotingModule, imports: [DeepModule] };
    return startApp(platform, {
      ...READ,
      controllers: [NotingController, ReadingController],
      imports: [DeepModule, module],
    });
  };

  it('is that of the request from middleware to interceptor, also behind the body of a POST', async () => {
    const client = (await start()).client();
    const reply = await client.post('/all', { headers, body: BODY });
    expect(reply.text).toBe('60000 true true');
    expect(sentClaims(reply).data).toEqual({
      seen: ['middleware', 'guard', 'interceptor', 'pipe', 'handler', 'after'],
    });
  });

  it('is there where the body comes later than the request', async () => {
    expect(await sendInParts(`${(await start()).url}/all`, 'application/json', BODY)).toBe('60000 true true');
  });

  it('is there where a guard denies, and in filters', async () => {
    const client = (await start()).client();
    const denied = await client.get('/denied');
    expect([denied.status, (await savedClaims(client, denied)).data]).toEqual([
      418,
      { seen: ['middleware', 'guard', 'filter'] },
    ]);
    const missing = await client.get('/missing/page');
    expect((await savedClaims(client, missing)).data).toEqual({
      seen: ['middleware', 'guard', 'filter', 'guard', 'interceptor', 'filter'],
    });
  });

  it.each(['user', 'observed'])('is there after waiting: /%s', async (path) => {
    const client = (await start()).client();
    await signIn(client, { user: 'ada' });
    expect((await client.get(`/${path}`)).text).toBe('ada');
  });

  it('is there in streams, and in answers by hand, which may still write', async () => {
    const client = (await start()).client();
    await signIn(client, { user: 'ada' });
    expect((await client.get('/stream')).text).toBe('ada ada ada ');
    const reply = await client.get('/by-hand');
    expect([reply.text, sentClaims(reply).data]).toEqual(['ada', { user: 'ada', seen: ['by hand'] }]);
  });

  it('is there in server-sent events', async () => {
    const started = await start();
    const client = started.client();
    const cookie = `session=${await signIn(client, { user: 'ada' })}`;
    const answer = await fetch(`${started.url}/events`, { headers: { cookie } });
    let events = '';
    for await (const chunk of answer.body ?? []) {
      events += Buffer.from(chunk).toString();
      if (events.includes('data: 2')) break;
    }
    expect(events).toMatch(/data: 0 ada\n[^]*data: 2 ada\n/);
  });

  it('sends nothing where it is not asked for', async () => {
    const client = (await startApp(platform, { ...READ, controllers: [ReadingController] })).client();
    await signIn(client, { user: 'ada' });
    const reply = await client.get('/nowhere');
    expect([reply.status, reply.headers.vary]).toEqual([404, undefined]);
  });

  it('is found by the manager of its name', async () => {
    const other = SessionModule.forRoot({
      secretKey: OTHER_SECRET,
      name: 'admin',
      cookieName: 'admin',
      currentSession: true,
      ...suiteStore(),
    });
    @Controller()
    class TwoController {
      constructor(
        @Inject(SessionManager) private readonly sessions: SessionManager,
        @Inject(getSessionManagerToken('admin')) private readonly admins: SessionManager,
      ) {}

      @Get()
      two(@Session() own: Session, @Session({ name: 'admin' }) admin: Session): boolean[] {
        return [this.sessions.current() === own, this.admins.current() === admin];
      }
    }
    const client = (await startApp(platform, { ...READ, controllers: [TwoController], imports: [other] })).client();
    expect((await client.get('/')).text).toBe('[true,true]');
  });

  it('is that of the request that run() is given, also where another one leads to it', async () => {
    const { app } = await start();
    const [sessions, deep] = [app.get(SessionManager), app.get(Deep)];
    const { request: ada } = exchangeWith(`session=${forge({ user: 'ada' })}`);
    const { request: tom } = exchangeWith(`session=${forge({ user: 'tom' }, { claims: { jti: idOf('tom') } })}`);
    // With a store: no server has announced these requests.
    for (const request of [ada, tom]) await sessions.load(request);
    const users = await sessions.run(ada, async () => {
      await later();
      return [deep.user, sessions.run(tom, () => deep.user), deep.user];
    });
    expect(users).toEqual(['ada', 'tom', 'ada']);
    expect(() => sessions.run({}, () => 'never')).toThrow(expect.objectContaining({ code: 'ERR_SESSION_NO_REQUEST' }));
  });

  it('is an error outside of a request', async () => {
    const { app } = await start();
    expect(thrownBy(() => app.get(SessionManager).current())).toMatchObject({
      name: 'SessionError',
      code: 'ERR_SESSION_NO_CURRENT',
      message:
        'Cannot find the current session: no HTTP request leads to this code, as in a job, a timer or an event of another ' +
        'request. Call it in the course of a request, or pass the session on.',
    });
  });

  it('is an error without the option', async () => {
    const started = await startApp(platform, { ...READ, session: {} });
    expect((await started.client().get('/user')).status).toBe(500);
    expect(thrownBy(() => started.app.get(SessionManager).current())).toMatchObject({
      code: 'ERR_SESSION_NO_CURRENT',
      message: 'Cannot find the current session: requests are not tracked. Set the option currentSession: true.',
    });
  });

  it('costs nothing without the option: no request is tracked, and the server is left alone', async () => {
    const { app } = await startApp(platform, { ...READ, session: {} });
    const server = app.getHttpServer() as { emit: unknown };
    expect(Object.hasOwn(server, 'emit')).toBe(false);
    expect(app.get(SessionManager).run({}, () => 'called as it is')).toBe('called as it is');
  });
});

describe('The current session behind a middleware that reads the body (express)', () => {
  it.each(['POST', 'GET'])(
    'is there: it goes on in events of the request, outside of what led to it (%s)',
    async (method) => {
      const { url } = await startApp('express', { ...READ, configure: readBodies });
      expect(await sendInParts(`${url}/user`, 'application/octet-stream', BODY, method)).toBe('nobody');
    },
  );
});

describe('The current session of a request that no server has announced', () => {
  it('is there where Express is called as a function', async () => {
    const { app } = await startApp('express', READ);
    const express = app.getHttpAdapter().getInstance() as (request: object, response: object) => void;
    const server = http.createServer((request, response) => express(request, response)).listen(0, '127.0.0.1');
    closeAfterTest(async () => void (await once(server.close(), 'close')));
    await once(server, 'listening');
    const client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await signIn(client, { user: 'ada' });
    expect((await client.get('/user')).text).toBe('ada');
  });
});

/** Reads bodies as a program may do by itself, and goes on at their end. */
function readBodies(app: INestApplication): void {
  app.use('/user', (incoming: http.IncomingMessage, _: object, next: () => void) => {
    incoming.on('data', () => undefined).on('end', next);
  });
}

/** Sends the body of a request after the server has seen its head, and that in two parts. */
async function sendInParts(url: string, type: string, body: string, method = 'POST'): Promise<string> {
  const outgoing = http.request(url, {
    method,
    headers: { 'content-type': type, 'transfer-encoding': 'chunked', expect: '100-continue' },
    agent: false,
  });
  outgoing.flushHeaders();
  await once(outgoing, 'continue');
  await new Promise((resolve) => {
    outgoing.write(body.slice(0, 100), resolve);
  });
  outgoing.end(body.slice(100));
  const [incoming] = (await once(outgoing, 'response')) as [http.IncomingMessage];
  return text(incoming);
}
