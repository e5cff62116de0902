import { afterEach, describe, expect, it } from '@jest/globals';
import { Catch, Controller, Get, Injectable, Scope, UseFilters, UseGuards } from '@nestjs/common';
import {
  type ClientProxy,
  ClientProxyFactory,
  Ctx,
  type MicroserviceOptions,
  MessagePattern,
  Payload,
  Transport,
} from '@nestjs/microservices';
import { type AddressInfo, Server } from 'node:net';
import { firstValueFrom, type Observable, throwError } from 'rxjs';
import {
  CsrfGuard,
  Public,
  Session,
  SessionError,
  SessionGuard,
  SessionManager,
  SessionService,
} from 'nestjs-sessions';
import { PLATFORMS, startApp, type TestApp } from '../../support/app.js';
import { noRequest } from '../../support/no-request.js';
import { COOKIES_OF_A_CHANGE } from '../../support/saved.js';
import { sentClaims } from '../../support/tokens.js';

/** Sends the caller what the session has thrown. */
@Catch(SessionError)
class TellTheCaller {
  catch({ code, message }: SessionError): Observable<never> {
    return throwError(() => ({ code, message }));
  }
}

@Controller()
class VisitsController {
  @Get()
  visit(@Session() session: Session): number {
    session.set('visits', (session.get('visits') ?? 0) + 1);
    return session.get('visits');
  }
}

@Controller()
@UseFilters(TellTheCaller)
class SumController {
  constructor(private readonly sessions: SessionManager) {}

  @MessagePattern('sum')
  sum(@Payload() numbers: number[]): number {
    return numbers.reduce((a, b) => a + b, 0);
  }

  @MessagePattern('session')
  session(@Session() session: Session): string {
    return session.id;
  }

  @MessagePattern('value')
  value(@Session('user') user: string): string {
    return user;
  }

  @MessagePattern('open')
  open(@Ctx() context: object): string {
    return this.sessions.open(context).id;
  }

  /** What a caller sends is no request, whatever it looks like. */
  @MessagePattern('payload')
  payload(@Ctx() context: object, @Payload() request: object): string {
    return this.sessions.open(context, request).id;
  }
}

/** Made anew for each message, and so needs a session for each. */
@Injectable({ scope: Scope.REQUEST })
class Profile {
  constructor(readonly session: SessionService) {}
}

@Controller()
@UseFilters(TellTheCaller)
class ScopedController {
  constructor(private readonly profile: Profile) {}

  @MessagePattern('scoped')
  scoped(): string {
    return this.profile.session.id;
  }
}

const IN_CONTEXT = noRequest('the context is of type "rpc" and has none');
const GIVEN = noRequest('the argument contains none');

const callers = new Set<ClientProxy>();

afterEach(async () => {
  await Promise.all([...callers].map((caller) => caller.close()));
  callers.clear();
});

const cases = PLATFORMS.flatMap((platform) => [[platform, true] as const, [platform, false] as const]);

@Controller()
@UseFilters(TellTheCaller)
@UseGuards(SessionGuard('user'), CsrfGuard)
class GuardedController {
  @MessagePattern('guarded')
  guarded(): string {
    return 'guarded';
  }

  @Public()
  @MessagePattern('public')
  public(): string {
    return 'public';
  }
}

describe.each(cases)('A hybrid application on %s (inheritAppConfig: %s)', (platform, inheritAppConfig) => {
  async function start(): Promise<TestApp & { call(pattern: string, payload?: unknown): Promise<unknown> }> {
    const ports: number[] = [];
    const started = await startApp(platform, {
      controllers: [VisitsController, SumController, ScopedController, GuardedController],
      providers: [Profile],
      async configure(app) {
        const options = { host: '127.0.0.1', port: 0 };
        const service = app.connectMicroservice<MicroserviceOptions>(
          { transport: Transport.TCP, options },
          { inheritAppConfig },
        );
        await app.startAllMicroservices();
        ports.push((service.unwrap<Server>().address() as AddressInfo).port);
      },
    });
    const [port = 0] = ports;
    const caller = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
    callers.add(caller);
    return { ...started, call: (pattern, payload = {}) => firstValueFrom(caller.send(pattern, payload)) };
  }

  it('answers messages, and requests with a session as ever', async () => {
    const hybrid = await start();
    const visitor = hybrid.client();
    expect(await hybrid.call('sum', [1, 2, 3])).toBe(6);
    expect(sentClaims(await visitor.get('/')).data).toEqual({ visits: 1 });
    expect(await hybrid.call('sum', [4])).toBe(4);
    const second = await visitor.get('/');
    expect(second.text).toBe('2');
    expect(second.setCookie).toHaveLength(COOKIES_OF_A_CHANGE);
  });

  it.each([
    ['@Session()', 'session', IN_CONTEXT],
    ["@Session('user')", 'value', IN_CONTEXT],
    ['SessionManager.open() with its context', 'open', GIVEN],
    ['a request-scoped SessionService', 'scoped', GIVEN],
  ])('tells an exception filter of messages that there is no request for %s', async (_what, pattern, error) => {
    const hybrid = await start();
    await expect(hybrid.call(pattern)).rejects.toEqual(error);
    expect(await hybrid.call('sum', [1, 2])).toBe(3);
    expect((await hybrid.client().get('/')).text).toBe('1');
  });

  it('has no session for SessionGuard(), unless the message is public, and needs no CSRF token', async () => {
    const hybrid = await start();
    await expect(hybrid.call('guarded')).rejects.toEqual(IN_CONTEXT);
    expect(await hybrid.call('public')).toBe('public');
  });

  it('does not take the payload of a caller for a request', async () => {
    const hybrid = await start();
    const request = { headers: { cookie: 'session=x' }, url: '/', raw: { headers: {}, url: '/' } };
    await expect(hybrid.call('payload', { req: request, ...request })).rejects.toEqual(GIVEN);
    await expect(hybrid.call('scoped', { req: request, ...request })).rejects.toEqual(GIVEN);
    await expect(hybrid.call('session', request)).rejects.toEqual(IN_CONTEXT);
  });
});
