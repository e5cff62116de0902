import { beforeEach, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  ForbiddenException,
  Get,
  Req,
  Res,
} from '@nestjs/common';
import { Session, SessionError, SessionManager } from 'nestjs-sessions';
import { START, stopClock } from '../../support/clock.js';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { ATTRIBUTES } from '../../support/large.js';
import { RecordingLogger } from '../../support/log.js';
import { type AnyResponse, rawResponse, routes } from '../../support/routes.js';
import { forgeWithData, sentClaims, signIn } from '../../support/tokens.js';
import { refusal, UNSERIALIZABLE } from '../../support/unserializable.js';

/** As many letters as still fit into a cookie of 4096 bytes. */
const lineOf = (size: number) => `session=${forgeWithData({ text: 'x'.repeat(size) })}${ATTRIBUTES}`;
let fitting = 1000;
while (lineOf(fitting + 1).length <= 4096) fitting++;

const controller = routes({
  ...Object.fromEntries(
    Object.entries(UNSERIALIZABLE).map(([name, [value]]) => [
      name,
      (session) => {
        session.set('fine', true);
        session.set('bad', value);
        return 'answered';
      },
    ]),
  ),
  large: (session) => session.update({ a: 1, b: 'b'.repeat(20), c: 'c'.repeat(30), text: 'x'.repeat(fitting) }),
  larger: (session) => session.set('text', 'x'.repeat(2_000_000)),
  throws: (session) => {
    session.set('bad', 10n);
    throw new ForbiddenException('no');
  },
  read: (session) => JSON.stringify(session.data),
});

const BAD = /^Cannot save the session: "bad" cannot be written as JSON, it is a BigInt\. Store plain data/;
const LARGE =
  /^Cannot save the session: its data has more than 1048576 characters .* the longest keys are "text" \(more than 1048576\)/;

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
    session.set('text', 'x'.repeat(2_000_000));
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

const DATA = { user: 'tom' };

describeOnEachPlatform('A session that cannot be saved', (platform) => {
  beforeEach(stopClock);
  const seen: unknown[] = [];

  @Catch(SessionError)
  class SessionFilter implements ExceptionFilter<SessionError> {
    constructor(
      private readonly sessions: SessionManager,
      private readonly repair?: unknown,
    ) {}

    catch(error: SessionError, host: ArgumentsHost): void {
      seen.push([error.code, error.message]);
      if (this.repair !== undefined) {
        this.sessions.open(host).rollback();
        this.sessions.open(host).set('flash', this.repair);
      }
      host.switchToHttp().getResponse<AnyResponse>().status(507).send(error.code);
    }
  }

  const start = async (repair?: unknown) => {
    const logger = new RecordingLogger();
    const app = await startApp(platform, {
      controllers: [controller],
      logger,
      configure: (a) => a.useGlobalFilters(new SessionFilter(a.get(SessionManager), repair)),
    });
    seen.length = 0;
    const client = app.client();
    await signIn(client, DATA);
    return { client, logger };
  };

  it.each(Object.keys(UNSERIALIZABLE))('reaches the exception filters, naming the key (%s)', async (name) => {
    const { client, logger } = await start();
    const reply = await client.get(`/${name}`);
    expect([reply.status, reply.text, reply.setCookie]).toEqual([507, 'ERR_SESSION_NOT_SERIALIZABLE', []]);
    expect(seen).toEqual([['ERR_SESSION_NOT_SERIALIZABLE', refusal(name)]]);
    expect(logger.lines).toEqual([]);
    expect((await client.get('/read')).text).toBe('{"user":"tom"}');
  });

  it('is 500 without a filter, and the cookie that came stays', async () => {
    const client = (await startApp(platform, { controllers: [controller] })).client();
    const token = await signIn(client, DATA);
    for (const path of ['bigint', 'larger']) {
      const reply = await client.get(`/${path}`);
      expect([reply.status, reply.setCookie]).toEqual([500, []]);
      expect(JSON.parse(reply.text)).toEqual({ statusCode: 500, message: 'Internal server error' });
    }
    expect(await client.cookie()).toBe(token);
  });

  it('does not hide another error, is logged and sends no cookie', async () => {
    const { client, logger } = await start();
    const reply = await client.get('/throws');
    expect([reply.status, reply.setCookie, seen]).toEqual([403, [], []]);
    expect(logger.lines).toEqual([{ level: 'error', message: refusal('bigint') }]);
  });

  it('can be repaired by an exception filter', async () => {
    const { client, logger } = await start('too much');
    const reply = await client.get('/bigint');
    expect([reply.status, logger.lines]).toEqual([507, []]);
    expect(sentClaims(reply).data).toEqual({ user: 'tom', flash: 'too much' });
  });

  it('is logged when an exception filter breaks it again', async () => {
    const { client, logger } = await start(() => 1);
    const reply = await client.get('/larger');
    expect([reply.status, reply.setCookie]).toEqual([507, []]);
    expect(logger.lines).toEqual([{ level: 'error', message: refusal('function').replace('"bad"', '"flash"') }]);
  });

  it('reaches the exception filters when it is too large, naming size, limit and largest keys', async () => {
    const { client, logger } = await start();
    const reply = await client.get('/large');
    expect([reply.status, reply.text, reply.setCookie]).toEqual([507, 'ERR_SESSION_TOO_LARGE', []]);
    const data = { ...DATA, a: 1, b: 'b'.repeat(20), c: 'c'.repeat(30), text: 'x'.repeat(fitting) };
    const size = `session=${forgeWithData(data, { iat: START })}${ATTRIBUTES}`.length;
    const text =
      `Cannot save the session: its cookie would have ${size} bytes, and browsers drop one above 4096. ` +
      `Store less, or only ids; the largest keys are "text" (${fitting + 11} bytes), "c" (38 bytes), "b" (28 bytes).`;
    expect(seen).toEqual([['ERR_SESSION_TOO_LARGE', text]]);
    expect(logger.lines).toEqual([]);
    expect((await client.get('/read')).text).toBe('{"user":"tom"}');
  });
});

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
