import { beforeEach, describe, expect, it } from '@jest/globals';
import { SessionModule, type SessionModuleOptions } from 'nestjs-sessions';
import {
  asgiSessionsFernet,
  asgiSessionsJwt,
  cookieSession,
  flask,
  type ForeignFormat,
  starlette,
} from '../../../lib/interop/index.js';
import { describeOnEachPlatform, SECRET, startApp } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { errorOf } from '../../support/errors.js';
import { routes } from '../../support/routes.js';

const controller = routes({ read: (session) => String(session.get('user')) });
const TIMED = [flask, starlette, asgiSessionsFernet].map(
  (create) => [create.name, create({ secretKey: SECRET })] as const,
);
const until = (seconds: number) => ({ acceptUntil: new Date((START + seconds) * 1000) });
const timeless = (seconds: number) =>
  [
    ['asgiSessionsJwt', asgiSessionsJwt({ secretKey: SECRET, ...until(seconds) })],
    ['cookieSession', cookieSession({ keys: [SECRET], ...until(seconds) })],
  ] as const;

/** The Cookie header of the other side. */
function cookieOf(format: ForeignFormat): string {
  const context = { cookieName: 'session', now: START, maxAge: 1_000_000 };
  const names = ['session', ...(format.companions ?? []).map((suffix) => `session${suffix}`)];
  const values = format.write?.('{"user":"tom"}', context) ?? [];
  return values.map((value, index) => `${names[index]}=${value}`).join('; ');
}

describeOnEachPlatform('A cookie of a foreign format', (platform) => {
  beforeEach(stopClock);
  const start = async (session: Partial<SessionModuleOptions>) =>
    (await startApp(platform, { session, controllers: [controller] })).client();

  describe.each(TIMED)('%s', (_, format) => {
    it.each<[string, Partial<SessionModuleOptions>]>([
      ['as the codec', { codec: format }],
      ['accepted', { accept: [format] }],
    ])('ends maxAge of the module after its issue, %s', async (_way, options) => {
      const client = await start({ ...options, maxAge: 10 });
      const headers = { cookie: cookieOf(format) };
      setClock(9);
      expect((await client.get('/read', { headers })).text).toBe('tom');
      setClock(10);
      expect((await client.get('/read', { headers })).text).toBe('undefined');
    });

    it('is renewed by rolling, as the codec', async () => {
      const client = await start({ codec: format, rolling: true, maxAge: 100 });
      const headers = { cookie: cookieOf(format) };
      setClock(9);
      expect((await client.get('/read', { headers })).setCookie).toEqual([]);
      setClock(10);
      const renewed = await client.get('/read', { headers });
      expect(renewed.setCookie).toHaveLength(1);
      setClock(105);
      expect((await client.get('/read')).text).toBe('tom');
    });
  });

  it.each(timeless(50))('ends at acceptUntil where it has no time of its own: %s', async (_, format) => {
    const headers = { cookie: cookieOf(format) };
    const clients = [await start({ codec: format }), await start({ accept: [format] })];
    for (const client of clients) {
      setClock(49);
      expect((await client.get('/read', { headers })).text).toBe('tom');
      setClock(50);
      expect((await client.get('/read', { headers })).text).toBe('undefined');
    }
  });

  it('ends at acceptUntil where it has a time too', async () => {
    const format = flask({ secretKey: SECRET, ...until(5) });
    const client = await start({ accept: [format] });
    const headers = { cookie: cookieOf(format) };
    setClock(5);
    expect((await client.get('/read', { headers })).text).toBe('undefined');
  });
});

describe('A format without times', () => {
  it.each([
    ['asgiSessionsJwt', () => asgiSessionsJwt({ secretKey: SECRET } as never)],
    ['cookieSession', () => cookieSession({ keys: [SECRET] } as never)],
  ])('needs acceptUntil: %s', (name, create) => {
    expect(errorOf(create)).toEqual({
      code: 'ERR_SESSION_OPTION_INVALID',
      message:
        `Cannot use the option "acceptUntil" of ${name}(): it is missing, and cookies of this format do not say when they end. ` +
        'Give the time from which on none is accepted, such as new Date("2030-01-01").',
    });
  });

  it.each(['2030-01-01', 1_900_000_000, new Date('never')])('takes no acceptUntil but a Date: %p', (acceptUntil) => {
    expect(errorOf(() => starlette({ secretKey: SECRET, acceptUntil: acceptUntil as Date }))).toEqual({
      code: 'ERR_SESSION_OPTION_INVALID',
      message:
        'Cannot use the option "acceptUntil" of starlette(): its value is not possible. ' +
        'Give a Date, such as new Date("2030-01-01").',
    });
  });

  it.each(
    timeless(50).flatMap(([name, codec]) =>
      [{ maxAge: 1 }, { rolling: true }, { absoluteMaxAge: 9 }].map((more) => [name, codec, more] as const),
    ),
  )('is an error at start beside times that it cannot hold: %s, %j', (_, codec, more) => {
    expect(errorOf(() => SessionModule.forRoot({ secretKey: SECRET, codec, ...more }))).toMatchObject({
      code: 'ERR_SESSION_OPTION_INVALID',
    });
  });
});
