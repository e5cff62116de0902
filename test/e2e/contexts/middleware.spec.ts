import { expect, it } from '@jest/globals';
import { Injectable, type MiddlewareConsumer, Module, type NestMiddleware, type NestModule } from '@nestjs/common';
import type { Server } from 'node:http';
import { SessionManager } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { rawResponse, routes } from '../../support/routes.js';
import { sentClaims, signIn } from '../../support/tokens.js';

@Injectable()
class VisitMiddleware implements NestMiddleware {
  constructor(private readonly sessions: SessionManager) {}

  use(request: object, response: object, next: (error?: Error) => void): void {
    const session = this.sessions.open<{ visits: number }>(request, response);
    const path = String((request as { originalUrl?: string }).originalUrl);
    session.set('visits', (session.get('visits') ?? 0) + 1);
    if (path === '/throws') return next(new Error('middleware failed'));
    if (path === '/ends') rawResponse(response).end('ended');
    else next();
  }
}

const controller = routes({
  page: (session) => {
    session.set('page', true);
    return 'page';
  },
  rollback: (session) => session.rollback(),
  ends: () => 'never',
});

@Module({ controllers: [controller] })
class VisitModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(VisitMiddleware).forRoutes('{*any}');
  }
}

describeOnEachPlatform('A change in a middleware', (platform) => {
  const signedIn = async () => {
    const visitor = (await startApp(platform, { imports: [VisitModule] })).client();
    await signIn(visitor, { visits: 1 });
    return visitor;
  };

  it('goes into one cookie with the changes of the handler', async () => {
    const reply = await (await signedIn()).get('/page');
    expect([reply.text, sentClaims(reply).data]).toEqual(['page', { visits: 2, page: true }]);
  });

  it('counts when no route is found', async () => {
    const reply = await (await signedIn()).get('/nowhere');
    expect([reply.status, sentClaims(reply).data]).toEqual([404, { visits: 2 }]);
  });

  it('counts when the middleware fails', async () => {
    const reply = await (await signedIn()).get('/throws');
    expect([reply.status, sentClaims(reply).data]).toEqual([500, { visits: 2 }]);
  });

  it('counts when the middleware answers itself', async () => {
    const reply = await (await signedIn()).get('/ends');
    expect([reply.text, sentClaims(reply).data]).toEqual(['ended', { visits: 2 }]);
  });

  it('counts when the session was read before its response was known', async () => {
    const { app, url } = await startApp(platform, { imports: [VisitModule] });
    const read: unknown[] = [];
    const server: Server = app.getHttpServer();
    server.prependListener('request', (request) => read.push(app.get(SessionManager).open(request).get('visits')));
    const visitor = new Client(url);
    await signIn(visitor, { visits: 1 });
    const reply = await visitor.get('/page');
    expect([read, sentClaims(reply).data]).toEqual([[1], { visits: 2, page: true }]);
  });

  it('does not count when the handler rolls it back', async () => {
    const reply = await (await signedIn()).get('/rollback');
    expect([reply.status, reply.setCookie]).toEqual([200, []]);
  });
});
