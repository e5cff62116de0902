import { beforeEach, describe, expect, it } from '@jest/globals';
import { type ArgumentsHost, Catch, type ExceptionFilter, ForbiddenException } from '@nestjs/common';
import { SessionError, SessionManager } from 'nestjs-sessions';
import { START, stopClock } from '../../support/clock.js';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { RecordingLogger } from '../../support/log.js';
import { type AnyResponse, routes } from '../../support/routes.js';
import { forge, sentClaims, sentCookie, signIn } from '../../support/tokens.js';
import { refusal, UNSERIALIZABLE } from '../../support/unserializable.js';

/** As many letters as still fit into a cookie of 4096 bytes. */
const ATTRIBUTES = '; Max-Age=1209600; Path=/; HttpOnly; SameSite=Lax';
const lineOf = (size: number) => `session=${forge({ text: 'x'.repeat(size) })}${ATTRIBUTES}`;
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
  fits: (session) => session.set('text', 'x'.repeat(fitting)),
  large: (session) => session.update({ a: 1, b: 'b'.repeat(20), c: 'c'.repeat(30), text: 'x'.repeat(fitting) }),
  larger: (session) => session.set('text', 'x'.repeat(fitting + 1)),
  throws: (session) => {
    session.set('bad', 10n);
    throw new ForbiddenException('no');
  },
  read: (session) => JSON.stringify(session.data),
});

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

  describe('because it is too large', () => {
    it('fits up to 4096 bytes, name and attributes included', async () => {
      const client = (await startApp(platform, { controllers: [controller] })).client();
      const reply = await client.get('/fits');
      expect(reply.setCookie.map((line) => line.length)).toEqual([lineOf(fitting).length]);
      expect(sentCookie(reply).value).toHaveLength(forge({ text: 'x'.repeat(fitting) }).length);
      expect((await client.get('/larger')).status).toBe(500);
    });

    it('reaches the exception filters, naming size, limit and largest keys', async () => {
      const { client, logger } = await start();
      const reply = await client.get('/large');
      expect([reply.status, reply.text, reply.setCookie]).toEqual([507, 'ERR_SESSION_TOO_LARGE', []]);
      const data = { ...DATA, a: 1, b: 'b'.repeat(20), c: 'c'.repeat(30), text: 'x'.repeat(fitting) };
      const size = `session=${forge(data, { claims: { iat: START } })}${ATTRIBUTES}`.length;
      const text =
        `Cannot save the session: its cookie would have ${size} bytes, and browsers drop one above 4096. ` +
        `Store less, or only ids; the largest keys are "text" (${fitting + 11} bytes), "c" (38 bytes), "b" (28 bytes).`;
      expect(seen).toEqual([['ERR_SESSION_TOO_LARGE', text]]);
      expect(logger.lines).toEqual([]);
      expect((await client.get('/read')).text).toBe('{"user":"tom"}');
    });
  });
});
