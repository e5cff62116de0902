import { expect, it } from '@jest/globals';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  type NestInterceptor,
  ParseIntPipe,
  Query,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { concatMap, type Observable, of, tap } from 'rxjs';
import { Session, SessionManager } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { savedClaims } from '../../support/saved.js';
import { ID, sentClaims, signIn } from '../../support/tokens.js';

@Injectable()
class CountingGuard implements CanActivate {
  constructor(private readonly sessions: SessionManager) {}

  canActivate(context: ExecutionContext): boolean {
    const session = this.sessions.open<{ attempts: number; user: string }>(context);
    session.set('attempts', (session.get('attempts') ?? 0) + 1);
    return session.has('user');
  }
}

@Injectable()
class AroundInterceptor implements NestInterceptor {
  constructor(private readonly sessions: SessionManager) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const session = this.sessions.open(context);
    session.set('before', true);
    return next.handle().pipe(
      tap(() => session.set('after', true)),
      concatMap(async (value) => {
        await new Promise((resolve) => setImmediate(resolve));
        session.set('afterwards', true);
        return value;
      }),
    );
  }
}

@Controller()
class GuardedController {
  @Get('guarded')
  @UseGuards(CountingGuard)
  guarded(): string {
    return 'let in';
  }

  @Get('pipe')
  @UseGuards(CountingGuard)
  pipe(@Query('n', ParseIntPipe) n: number): number {
    return n;
  }

  @Get('around')
  @UseInterceptors(AroundInterceptor)
  around(@Session() session: Session): string {
    session.set('handler', true);
    return 'ok';
  }

  @Get('plain')
  plain(@Session() session: Session): string {
    session.set('handler', true);
    return 'ok';
  }

  @Get('around-cached')
  @UseInterceptors({ intercept: () => of('from a cache') })
  @UseGuards(CountingGuard)
  aroundCached(): string {
    return 'never';
  }
}

describeOnEachPlatform('A change outside the handler', (platform) => {
  const signedIn = async () => {
    const visitor = (await startApp(platform, { controllers: [GuardedController] })).client();
    await signIn(visitor, { user: 'tom' });
    return visitor;
  };

  it('counts in a guard that allows', async () => {
    const reply = await (await signedIn()).get('/guarded');
    expect([reply.status, reply.text]).toEqual([200, 'let in']);
    expect(sentClaims(reply)).toMatchObject({ jti: ID, data: { user: 'tom', attempts: 1 } });
  });

  it('counts in a guard that denies', async () => {
    const visitor = (await startApp(platform, { controllers: [GuardedController] })).client();
    expect((await visitor.get('/guarded')).status).toBe(403);
    const second = await visitor.get('/guarded');
    expect([second.status, (await savedClaims(visitor, second)).data]).toEqual([403, { attempts: 2 }]);
  });

  it('counts when a pipe throws later', async () => {
    const reply = await (await signedIn()).get('/pipe?n=x');
    expect([reply.status, sentClaims(reply).data]).toEqual([400, { user: 'tom', attempts: 1 }]);
  });

  it('counts in another interceptor, before and after the handler', async () => {
    const { data } = sentClaims(await (await signedIn()).get('/around'));
    expect(data).toEqual({ user: 'tom', before: true, handler: true, after: true, afterwards: true });
  });

  it('counts in an interceptor that finishes after the one of the package', async () => {
    const { url } = await startApp(platform, {
      controllers: [GuardedController],
      configure: (application) =>
        application.useGlobalInterceptors(new AroundInterceptor(application.get(SessionManager))),
    });
    const { data } = sentClaims(await new Client(url).get('/plain'));
    expect(data).toEqual({ before: true, handler: true, after: true, afterwards: true });
  });

  it('counts when another interceptor answers in the place of the handler', async () => {
    const reply = await (await signedIn()).get('/around-cached');
    expect([reply.text, sentClaims(reply).data]).toEqual(['from a cache', { user: 'tom', attempts: 1 }]);
  });
});
