import { Controller, Get, type INestApplication, Req } from '@nestjs/common';
import cookieSession from 'cookie-session';
import expressSession from 'express-session';
import { MAX_AGE } from '../../codec/contender.js';
import type { Visitor } from '../../codec/session.js';
import type { Page, Setting, Variant } from '../variant.js';
import { type PeerControllers, variantsOf } from './variants-of.js';

// Both hang an object on the request, and compare it with what came before the headers leave.

interface RequestWithSession {
  readonly session: Visitor;
}

function controllers({ visitor }: Setting): PeerControllers {
  @Controller()
  class LoginController {
    @Get('login')
    login(@Req() { session }: RequestWithSession): void {
      Object.assign(session, visitor);
    }
  }

  @Controller()
  class ReadController {
    @Get()
    page(@Req() { session }: RequestWithSession): Page {
      return { hello: session.name };
    }
  }

  @Controller()
  class WrittenController {
    @Get()
    page(@Req() { session }: RequestWithSession): Page {
      session.visits += 1;
      return { hello: session.name };
    }
  }
  return { login: LoginController, read: ReadController, written: WrittenController };
}

/** Applications with middleware of Express. */
export const expressPeers: readonly Variant[] = [
  ...variantsOf('cookie-session', {
    platforms: ['express'],
    prepare(app: INestApplication, { secrets }: Setting) {
      app.use(cookieSession({ name: 'session', keys: [...secrets], maxAge: MAX_AGE * 1000, sameSite: 'lax' }));
    },
    controllers,
  }),
  ...variantsOf('express-session, memory store', {
    platforms: ['express'],
    prepare(app: INestApplication, { secrets }: Setting) {
      const cookie = { maxAge: MAX_AGE * 1000, sameSite: 'lax' } as const;
      app.use(expressSession({ secret: [...secrets], resave: false, saveUninitialized: false, cookie }));
    },
    controllers,
  }),
];
