import { expect, it } from '@jest/globals';
import { All, Controller, Get, Module, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { RequestListener } from 'node:http';
import { Session, SessionManager, SessionModule } from 'nestjs-sessions';
import { OTHER_SECRET, PLATFORMS, startApp, suiteStore } from '../../support/app.js';
import { type AnyResponse, rawResponse } from '../../support/routes.js';

@Controller('inner')
class InnerController {
  constructor(private readonly sessions: SessionManager) {}

  @Get('write')
  write(@Session() session: Session, @Req() request: object): { isSame: boolean } {
    session.set('from', 'inner');
    return { isSame: session === this.sessions.open(request) };
  }
}

@Module({
  imports: [SessionModule.forRoot({ secretKey: OTHER_SECRET, cookieName: 'inner', ...suiteStore() })],
  controllers: [InnerController],
})
class InnerModule {}

it.each(PLATFORMS)(
  'A handler that passes its request to another application leaves it its own session (%s)',
  async (platform) => {
    const inner = await NestFactory.create(InnerModule, { logger: false });
    await inner.init();

    @Controller()
    class OuterController {
      @All('inner/:rest')
      delegate(@Session() session: Session, @Req() request: object, @Res() response: AnyResponse): void {
        session.set('from', 'outer');
        const listener = inner.getHttpAdapter().getInstance() as RequestListener;
        const raw = (request as { raw?: object }).raw ?? request;
        if (platform === 'fastify') (response as unknown as { hijack(): void }).hijack();
        listener(raw as Parameters<RequestListener>[0], rawResponse(response));
      }
    }

    const app = await startApp(platform, { session: { cookieName: 'outer' }, controllers: [OuterController] });
    const reply = await app.client().get('/inner/write');
    await inner.close();
    expect(JSON.parse(reply.text)).toEqual({ isSame: true });
    expect(reply.setCookie.filter((line) => /^(inner|outer)=/.test(line))).toHaveLength(2);
  },
);
