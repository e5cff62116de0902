import { Controller, Get, Req, Res } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getIronSession, type IronSession } from 'iron-session';
import { MAX_AGE } from '../../codec/contender.js';
import type { Visitor } from '../../codec/session.js';
import { PLATFORMS } from '../platform.js';
import type { Page, Setting, Variant } from '../variant.js';
import { type PeerControllers, variantsOf } from './variants-of.js';

/** Express's objects are Node's own, Fastify's keep Node's. */
type Wrapped<T extends object> = T | { readonly raw: T };

function rawOf<T extends object>(object: Wrapped<T>): T {
  return 'raw' in object ? object.raw : object;
}

function controllers({ visitor, secrets: [password] }: Setting): PeerControllers {
  const open = (request: Wrapped<IncomingMessage>, response: Wrapped<ServerResponse>): Promise<IronSession<Visitor>> =>
    getIronSession<Visitor>(rawOf(request), rawOf(response), {
      cookieName: 'session',
      password,
      ttl: MAX_AGE,
      cookieOptions: { secure: false },
    });

  @Controller()
  class LoginController {
    @Get('login')
    async login(@Req() request: IncomingMessage, @Res({ passthrough: true }) response: ServerResponse): Promise<void> {
      const session = await open(request, response);
      Object.assign(session, visitor);
      await session.save();
    }
  }

  @Controller()
  class ReadController {
    @Get()
    async page(@Req() request: IncomingMessage, @Res({ passthrough: true }) response: ServerResponse): Promise<Page> {
      const session = await open(request, response);
      return { hello: session.name };
    }
  }

  @Controller()
  class WrittenController {
    @Get()
    async page(@Req() request: IncomingMessage, @Res({ passthrough: true }) response: ServerResponse): Promise<Page> {
      const session = await open(request, response);
      session.visits += 1;
      await session.save();
      return { hello: session.name };
    }
  }
  return { login: LoginController, read: ReadController, written: WrittenController };
}

/** Applications that call iron-session in the handler. */
export const ironSession: readonly Variant[] = variantsOf('iron-session', { platforms: PLATFORMS, controllers });
