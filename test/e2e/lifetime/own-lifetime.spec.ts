import { beforeEach, expect, it } from '@jest/globals';
import { asgiSessionsFernet } from '../../../lib/interop/index.js';
import { describeOnEachPlatform, SECRET, startApp } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { routes } from '../../support/routes.js';
import { ID, forge, sentClaims, sentMaxAge, signIn } from '../../support/tokens.js';
import type { Session, SessionError } from 'nestjs-sessions';

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

/** What a handler gets from a line that may fail. */
function attempt(action: () => unknown): string {
  try {
    action();
    return 'done';
  } catch (error) {
    return `${(error as SessionError).code} ${(error as Error).message}`;
  }
}

const logIn = (session: Session) => {
  session.regenerate({ keep: ['cart'], restart: true });
  session.set('user', 'ada');
};

const controller = routes({
  login: logIn,
  remember: (session) => {
    logIn(session);
    session.setLifetime({ maxAge: 30 * DAY, absoluteMaxAge: 90 * DAY });
    return `${session.maxAge} ${session.expiresAt.getTime() / 1000 - START}`;
  },
  read: (session) => `${session.get('user')} ${session.maxAge}`,
  write: (session) => session.set('page', (session.get('page') ?? 0) + 1),
  long: (session) => attempt(() => (session.maxAge = 90 * DAY)),
  shorter: (session) => attempt(() => (session.maxAge = HOUR)),
  tooLong: (session) => attempt(() => session.setLifetime({ maxAge: 90 * DAY })),
  contrary: (session) => attempt(() => session.setLifetime({ maxAge: 2, absoluteMaxAge: 1 })),
  fraction: (session) => attempt(() => session.setLifetime({ absoluteMaxAge: 1.5 })),
  elderly: (session) => attempt(() => session.setLifetime({ absoluteMaxAge: HOUR })),
  absolute: (session) => attempt(() => session.setLifetime({ absoluteMaxAge: 2 * HOUR })),
  none: (session) => {
    session.setLifetime({});
    return `${session.maxAge} ${session.isModified}`;
  },
  regenerate: (session) => session.regenerate({ keep: ['user'] }),
  rollback: (session) => {
    session.setLifetime({ maxAge: 5, absoluteMaxAge: 5 });
    session.rollback();
  },
});

describeOnEachPlatform('A session with a lifetime of its own', (platform) => {
  beforeEach(stopClock);
  /** A row of docs/around.md: idle for half an hour, or twelve hours old. */
  const start = async (session: object = { maxAge: HOUR / 2, rolling: true, absoluteMaxAge: 12 * HOUR }) =>
    (await startApp(platform, { session, controllers: [controller] })).client();

  it('is remembered beyond absoluteMaxAge of the others, and sent for as long as was asked', async () => {
    const client = await start();
    const reply = await client.get('/remember');
    expect(reply.text).toBe(`${30 * DAY} ${30 * DAY}`);
    expect(sentMaxAge(reply)).toBe(30 * DAY);
    expect(sentClaims(reply)).toMatchObject({ iat: START, exp: START + 30 * DAY, ttl: 30 * DAY, abs: 90 * DAY });
    setClock(29 * DAY);
    const later = await client.get('/read');
    expect([later.text, sentMaxAge(later)]).toEqual([`ada ${30 * DAY}`, 30 * DAY]);
  });

  it('leaves the others their twelve hours', async () => {
    const client = await start();
    expect(sentMaxAge(await client.get('/login'))).toBe(HOUR / 2);
    for (let at = HOUR / 4; at < 12 * HOUR; at += HOUR / 4) {
      setClock(at);
      expect((await client.get('/read')).text).toBe(`ada ${HOUR / 2}`);
    }
    setClock(12 * HOUR);
    expect((await client.get('/read')).text).toBe(`undefined ${HOUR / 2}`);
  });

  it('ends at its own absolute end, whatever the activity', async () => {
    const client = await start();
    await client.get('/remember');
    for (const day of [25, 50, 75]) {
      setClock(day * DAY);
      await client.get('/write');
    }
    setClock(90 * DAY - 1);
    expect((await client.get('/read')).text).toBe(`ada ${30 * DAY}`);
    setClock(90 * DAY);
    expect((await client.get('/read')).text).toBe(`undefined ${HOUR / 2}`);
  });

  it('may end sooner than the others', async () => {
    const client = await start();
    await signIn(client, { user: 'ada' });
    const reply = await client.get('/absolute');
    expect([reply.text, sentClaims(reply).abs]).toEqual(['done', 2 * HOUR]);
    for (const minutes of [25, 50, 75, 100]) {
      setClock(minutes * 60);
      await client.get('/read');
    }
    setClock(2 * HOUR - 1);
    expect((await client.get('/read')).text).toBe(`ada ${HOUR / 2}`);
    setClock(2 * HOUR);
    expect((await client.get('/read')).text).toBe(`undefined ${HOUR / 2}`);
  });

  it.each(['long', 'tooLong'])(
    'is an error where maxAge is more than absoluteMaxAge of the module (%s)',
    async (path) => {
      const reply = await (await start()).get(`/${path}`);
      expect(reply.text).toBe(
        'ERR_SESSION_MAX_AGE_INVALID Cannot set the maxAge of the session: 7776000 seconds are more than its absoluteMaxAge, ' +
          'which are 43200. Give both, session.setLifetime({ maxAge, absoluteMaxAge }), or a shorter maxAge.',
      );
      expect(reply.setCookie).toEqual([]);
    },
  );

  it('is an error where its maxAge is more than its absoluteMaxAge', async () => {
    expect((await (await start()).get('/contrary')).text).toMatch(
      /^ERR_SESSION_MAX_AGE_INVALID .* 2 seconds are more than its absoluteMaxAge, which are 1\./,
    );
  });

  it('is an error where it is no time', async () => {
    expect((await (await start()).get('/fraction')).text).toBe(
      'ERR_SESSION_MAX_AGE_INVALID Cannot set the absoluteMaxAge of the session: it is not a whole number of seconds from 1 ' +
        'to 3155760000. Give seconds, not milliseconds, or undefined for the absoluteMaxAge of the module.',
    );
  });

  it('is an error where the session would end at once', async () => {
    const client = await start();
    await signIn(client, { user: 'ada' }, { claims: { iat: START - HOUR, exp: START + 60 } });
    const reply = await client.get('/elderly');
    expect(reply.text).toBe(
      'ERR_SESSION_MAX_AGE_INVALID Cannot set the absoluteMaxAge of the session: the session was created more than 3600 ' +
        'seconds ago and would end at once. Call session.regenerate({ restart: true }) first, or session.destroy().',
    );
    expect((await client.get('/read')).text).toBe(`ada ${HOUR / 2}`);
  });

  it('keeps its absolute end where only maxAge is set again', async () => {
    const client = await start();
    await client.get('/remember');
    const reply = await client.get('/long');
    expect([reply.text, sentClaims(reply).abs, sentMaxAge(reply)]).toEqual(['done', 90 * DAY, 90 * DAY]);
    expect(sentClaims(await client.get('/shorter'))).toMatchObject({ ttl: HOUR, abs: 90 * DAY });
  });

  it('has that of the module again where it is taken away, regenerated or rolled back', async () => {
    const client = await start();
    await client.get('/remember');
    expect((await client.get('/rollback')).setCookie).toEqual([]);
    const none = await client.get('/none');
    expect([none.text, sentClaims(none).abs, sentMaxAge(none)]).toEqual([`${HOUR / 2} true`, undefined, HOUR / 2]);
    await client.get('/remember');
    expect(sentClaims(await client.get('/regenerate'))).not.toHaveProperty('abs');
  });

  it('tells what is sent where the module sends less than its maxAge', async () => {
    const client = await start({ absoluteMaxAge: 12 * HOUR });
    expect(sentMaxAge(await client.get('/login'))).toBe(12 * HOUR);
    expect((await client.get('/read')).text).toBe(`ada ${12 * HOUR}`);
  });

  it('is read from cookies that were issued before it existed', async () => {
    const client = await start();
    await client.keep(`session=${forge({ user: 'ada' }, { claims: { jti: ID, ttl: HOUR, exp: START + HOUR } })}`);
    expect((await client.get('/read')).text).toBe(`ada ${HOUR}`);
  });

  it('is an error beside a codec whose cookies cannot carry it', async () => {
    const client = await start({ codec: asgiSessionsFernet({ secretKey: SECRET }), maxAge: HOUR });
    expect((await client.get('/absolute')).text).toBe(
      'ERR_SESSION_MAX_AGE_INVALID Cannot set the absoluteMaxAge of the session: cookies of "asgi-sessions fernet" do not ' +
        'carry it. Use a format of ours.',
    );
    expect((await client.get('/long')).text).toBe(
      'ERR_SESSION_MAX_AGE_INVALID Cannot set the maxAge of the session: cookies of "asgi-sessions fernet" do not carry it, ' +
        'and the server ends them after 3600 seconds. Give at most that.',
    );
    expect((await client.get('/shorter')).text).toBe('done');
  });
});
