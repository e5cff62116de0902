import { expect, it } from '@jest/globals';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { Session, SessionManager } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { RecordingLogger } from '../../support/log.js';
import { type AnyResponse, rawResponse } from '../../support/routes.js';
import { signIn } from '../../support/tokens.js';

const BAD = /^Cannot save the session: "bad" cannot be written as JSON, it is a BigInt\. Store plain data/;
const LARGE =
  /^Cannot save the session: its cookie would have \d{4} bytes, .* the largest keys are "text" \(5011 bytes\)/;

/** Handlers that answer by themselves, with a session that cannot be saved. */
@Controller()
class AnsweringController {
  constructor(private readonly sessions: SessionManager) {}

  @Get('raw-bad')
  rawBad(@Session() session: Session, @Res() response: object): void {
    session.set('bad', 10n);
    rawResponse(response).end('answered');
  }

  @Get('raw-large')
  rawLarge(@Session() session: Session, @Res() response: object): void {
    session.set('text', 'x'.repeat(5000));
    rawResponse(response).end('answered');
  }

  @Get('res-bad')
  resBad(@Session() session: Session, @Res() response: AnyResponse): void {
    session.set('bad', 10n);
    response.send('answered');
  }

  @Get('sealed')
  sealed(@Session() session: Session, @Req() request: object, @Res() response: AnyResponse): void {
    session.set('bad', 10n);
    this.sessions.seal(request);
    response.send('answered');
  }
}

describeOnEachPlatform('A session that cannot be saved, with an answer by hand', (platform) => {
  const start = async () => {
    const logger = new RecordingLogger();
    const client = (await startApp(platform, { controllers: [AnsweringController], logger })).client();
    const token = await signIn(client, { user: 'tom' });
    return { client, logger, token };
  };

  it.each([
    ['raw-bad', BAD],
    ['raw-large', LARGE],
    ['res-bad', BAD],
  ])('leaves the answer as it is and is logged once (/%s)', async (path, message) => {
    const { client, logger, token } = await start();
    const reply = await client.get(`/${path}`);
    expect([reply.status, reply.text, reply.setCookie]).toEqual([200, 'answered', []]);
    expect(logger.lines).toEqual([{ level: 'error', message: expect.stringMatching(message) }]);
    expect(await client.cookie()).toBe(token);
  });

  it('is an HTTP error when the handler seals it first', async () => {
    const { client, logger } = await start();
    const reply = await client.get('/sealed');
    expect([reply.status, reply.setCookie, logger.lines]).toEqual([500, [], []]);
  });
});
