import { Controller, Get, Module, Res, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Session, SessionManager, SessionModule } from 'nestjs-sessions';
import { closeAfterTest, type Platform, SECRET, suiteStore } from '../../../support/app.js';
import { rawResponse } from '../../../support/routes.js';
import type { Middleware } from './neighbours.js';

/** What the sessions of the applications are called, from the outermost to the innermost. */
export type CookieName = 'outer' | 'middle' | 'inner';

/** A Nest application with a session, and routes that count in it. */
export async function createCountingApp(platform: Platform, cookieName: CookieName): Promise<INestApplication> {
  @Controller()
  class CountingController {
    @Get('count')
    count(@Session() session: Session): string {
      return `${cookieName}: ${(session.data.n = Number(session.get('n') ?? 0) + 1)}`;
    }

    @Get('read')
    read(@Session() session: Session): string {
      return `${cookieName}: ${session.get('n') ?? 0}`;
    }

    @Get('untouched')
    untouched(): string {
      return cookieName;
    }

    @Get('raw')
    raw(@Session() session: Session, @Res() response: object): void {
      session.data.n = Number(session.get('n') ?? 0) + 1;
      rawResponse(response).writeHead(200, { 'X-Own': 'yes', 'Set-Cookie': 'theirs=1' }).end(cookieName);
    }

    @Get('fails')
    fails(@Session() session: Session): never {
      session.data.n = Number(session.get('n') ?? 0) + 1;
      throw new Error('failed');
    }
  }

  @Module({
    imports: [SessionModule.forRoot(SECRET, { cookieName, ...suiteStore() })],
    controllers: [CountingController],
  })
  class AppModule {}

  const adapter = platform === 'fastify' ? new FastifyAdapter({ forceCloseConnections: true }) : new ExpressAdapter();
  const app = await NestFactory.create(AppModule, adapter, { logger: false, forceCloseConnections: true });
  closeAfterTest(() => app.close());
  return app;
}

/** A function that answers as the application does, to be mounted elsewhere; the application is initialized by this. */
export async function listenerOf(app: INestApplication): Promise<RequestListener> {
  await app.init();
  const adapter = app.getHttpAdapter();
  const instance = adapter.getInstance() as RequestListener & {
    ready?: () => Promise<unknown>;
    routing?: (request: IncomingMessage, response: ServerResponse) => void;
  };
  if (adapter.getType() === 'express') return instance;
  await instance.ready?.();
  return (request, response) => instance.routing?.(request, response);
}

/** Counts in the session of an application, before all its routes and all that is mounted in it. */
export function counting(app: INestApplication): Middleware {
  const sessions = app.get(SessionManager);
  const count = async (...[request, response, next]: Parameters<Middleware>) => {
    // With a store: the server of another application has announced the request to that one only.
    await sessions.load(request, response);
    const session = sessions.open(request, response);
    session.set('seen', Number(session.get('seen') ?? 0) + 1);
    next();
  };
  return (request, response, next) => void count(request, response, next);
}

/** Reads the session of an application. */
export function reading(app: INestApplication): Middleware {
  return (request, response, next) => {
    app.get(SessionManager).open(request, response).get('n');
    next();
  };
}

/** Calls what is mounted for paths that begin with `/prefix/`, with the rest of the path. */
export function under(prefix: string, listener: RequestListener): Middleware {
  return (request, response, next) => {
    if (request.url?.startsWith(`/${prefix}/`) !== true) return next();
    request.url = request.url.slice(prefix.length + 1);
    listener(request, response);
  };
}
