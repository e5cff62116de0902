import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Req } from '@nestjs/common';
import { Session, SessionManager } from 'nestjs-sessions';
import { startApp } from '../../support/app.js';
import { rawRequest } from '../../support/routes.js';
import { sentClaims } from '../../support/tokens.js';
import type { ExpressRequest } from './support/express-session.js';

@Controller()
class RawController {
  @Get()
  read(@Req() request: object, @Session() session: Session): unknown {
    const { session: raw } = rawRequest(request) as ExpressRequest;
    return { ofFastify: 'session' in request, isSame: raw === session.data };
  }

  @Get('write')
  async write(@Req() request: object): Promise<void> {
    const raw = rawRequest(request) as ExpressRequest;
    await new Promise((resolve) => {
      raw.session.regenerate(resolve);
    });
    raw.session.user = 'ada';
  }
}

describe('expressSession() on Fastify', () => {
  it('gives a session to the request of Node, as middleware has it, and none to that of Fastify', async () => {
    const app = await startApp('fastify', {
      controllers: [RawController],
      configure: (nest) => nest.use(nest.get(SessionManager).expressSession()),
    });
    const visitor = app.client();
    expect((await visitor.get('/')).text).toBe('{"ofFastify":false,"isSame":true}');
    expect(sentClaims(await visitor.get('/write')).data).toEqual({ user: 'ada' });
  });
});
