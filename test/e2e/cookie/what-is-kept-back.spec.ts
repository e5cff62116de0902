import { expect, it } from '@jest/globals';
import type { SessionModuleOptions, SessionSchema } from 'nestjs-sessions';
import { starlette } from '../../../lib/interop/index.js';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { RecordingLogger } from '../../support/log.js';
import { routes } from '../../support/routes.js';
import { SessionFilter } from '../../support/session-filter.js';
import { forge } from '../../support/tokens.js';

const controller = routes({
  read: (session) => String(session.get('text')).length,
  touch: (session) => session.touch(),
  write: (session) => session.set('n', 1),
  logout: (session) => session.destroy(),
});

const WARNING = {
  level: 'warn',
  message:
    'Cannot renew a session cookie: the session is too large for a new one, or cannot be written. The cookie that came is ' +
    'kept until it ends. Store less, or raise cookieCount.',
};
/** Fits as it is, in the newest cookie name and secret as in others; not with more bytes about it. */
const LENGTH = 2850;
const TEXT = 'x'.repeat(LENGTH);
const claims = { iat: START - 200, exp: START + 800 };
const old = (secret: string) => `session=${forge({ text: TEXT }, { secret, claims })}`;
const bigint: SessionSchema = {
  '~standard': { version: 1, vendor: 'hand', validate: (value) => ({ value: { ...(value as object), big: 1n } }) },
};

describeOnEachPlatform('A renewal that was not asked for', (platform) => {
  const start = async (session: Partial<SessionModuleOptions>) => {
    stopClock();
    const logger = new RecordingLogger();
    const filter = new SessionFilter();
    const configure = (app: { useGlobalFilters(filter: SessionFilter): unknown }) => app.useGlobalFilters(filter);
    const app = await startApp(platform, { session, controllers: [controller], configure, logger });
    return { client: app.client(), logger, filter };
  };

  const expectKeptBack = async (options: Partial<SessionModuleOptions>, cookie: string) => {
    const { client, logger, filter } = await start(options);
    const headers = { cookie };
    for (const seconds of [0, 1]) {
      setClock(seconds);
      const reply = await client.get('/read', { headers });
      expect([reply.status, reply.text, reply.setCookie]).toEqual([200, String(LENGTH), []]);
    }
    expect(logger.lines).toEqual([WARNING]);
    expect(filter.seen).toEqual([]);
    for (const path of ['/touch', '/write']) expect((await client.get(path, { headers })).status).toBe(507);
    const logout = await client.get('/logout', { headers });
    expect([logout.status, logout.setCookie.length]).toEqual([200, 1]);
  };

  const path = `/${'x'.repeat(200)}`;

  it.each<[string, Partial<SessionModuleOptions>, string]>([
    ['from signed to encrypted', { encrypt: true, accept: ['signed'] }, old(SECRET)],
    ['of an older secret', { secretKey: [SECRET, OTHER_SECRET], path }, old(OTHER_SECRET)],
    ['by rolling', { rolling: true, maxAge: 1000, path }, old(SECRET)],
  ])('is kept back where it does not fit: %s', async (_, options, cookie) => {
    await expectKeptBack(options, cookie);
  });

  it('is kept back where it cannot be written', async () => {
    await expectKeptBack({ rolling: true, maxAge: 1000, schema: bigint }, old(SECRET));
  });

  it('is kept back for a codec too', async () => {
    const codec = starlette({ secretKey: SECRET });
    const { client, logger } = await start({ codec, rolling: true, maxAge: 1000, path: `/${'x'.repeat(300)}` });
    const [value = ''] =
      codec.write?.(JSON.stringify({ text: TEXT }), { cookieName: 'session', now: START - 200, maxAge: 1 }) ?? [];
    const reply = await client.get('/read', { headers: { cookie: `session=${value}` } });
    expect([reply.text, reply.setCookie, logger.lines]).toEqual([String(LENGTH), [], [WARNING]]);
  });
});
