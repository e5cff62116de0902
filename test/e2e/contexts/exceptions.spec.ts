import { expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  BadRequestException,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Query,
  UseFilters,
} from '@nestjs/common';
import { Session, SessionManager } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import type { AnyResponse } from '../../support/routes.js';
import { DELETION, sentClaims, signIn } from '../../support/tokens.js';

@Catch()
class WritingFilter implements ExceptionFilter {
  constructor(private readonly sessions: SessionManager) {}

  catch(error: Error, host: ArgumentsHost): void {
    const session = this.sessions.open(host);
    if (error.message === 'roll back') session.rollback();
    else session.set('error', error.message);
    host.switchToHttp().getResponse<AnyResponse>().status(418).send('filtered');
  }
}

@Controller()
class ThrowingController {
  @Get('http-exception')
  httpException(@Session() session: Session): never {
    session.set('step', 1);
    throw new BadRequestException('no');
  }

  @Get('error')
  error(@Session() session: Session): Promise<never> {
    session.set('step', 2);
    return Promise.reject(new Error('crash'));
  }

  @Get('destroy')
  destroy(@Session() session: Session): never {
    session.destroy();
    throw new BadRequestException();
  }

  @Get('rolled-back')
  rolledBack(@Session() session: Session): never {
    session.set('step', 3);
    session.rollback();
    throw new BadRequestException();
  }

  @Get('filtered')
  @UseFilters(WritingFilter)
  filtered(@Session() session: Session, @Query('message') message: string): never {
    session.set('step', 4);
    throw new Error(message);
  }
}

describeOnEachPlatform('A change before an error', (platform) => {
  const signedIn = async () => {
    const visitor = (await startApp(platform, { controllers: [ThrowingController] })).client();
    await signIn(visitor, { user: 'tom' });
    return visitor;
  };

  it.each([
    ['http-exception', 400, { user: 'tom', step: 1 }],
    ['error', 500, { user: 'tom', step: 2 }],
  ])('counts when the handler throws afterwards (%s)', async (path, status, data) => {
    const reply = await (await signedIn()).get(`/${path}`);
    expect([reply.status, sentClaims(reply).data]).toEqual([status, data]);
    expect(reply.headers.vary).toBe('Cookie');
  });

  it('deletes the cookie when the handler destroys the session and throws', async () => {
    const reply = await (await signedIn()).get('/destroy');
    expect([reply.status, reply.setCookie]).toEqual([400, [DELETION]]);
  });

  it('does not count when the handler rolls it back before it throws', async () => {
    const reply = await (await signedIn()).get('/rolled-back');
    expect([reply.status, reply.setCookie]).toEqual([400, []]);
  });

  it('counts in an exception filter', async () => {
    const reply = await (await signedIn()).get('/filtered?message=oops');
    expect([reply.status, reply.text]).toEqual([418, 'filtered']);
    expect(sentClaims(reply).data).toEqual({ user: 'tom', step: 4, error: 'oops' });
  });

  it('does not count when an exception filter rolls it back', async () => {
    const reply = await (await signedIn()).get('/filtered?message=roll%20back');
    expect([reply.status, reply.setCookie]).toEqual([418, []]);
  });
});
