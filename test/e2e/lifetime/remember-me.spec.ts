import { beforeEach, expect, it } from '@jest/globals';
import { setClock, START, stopClock } from '../../support/clock.js';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { rawRequest, routes } from '../../support/routes.js';
import { ID, sentClaims, sentMaxAge, signIn } from '../../support/tokens.js';
import { type SessionError } from 'nestjs-sessions';

const IMPOSSIBLE = { NaN, Infinity, zero: 0, negative: -1, fraction: 1.5, text: '60', tooLong: 3_155_760_001 };

const controller = routes({
  remember: (session) => {
    session.set('user', 'tom');
    session.maxAge = 5000;
    return String(session.maxAge);
  },
  briefly: (session) => {
    session.maxAge = 60;
  },
  same: (session) => {
    session.maxAge = 5000;
  },
  forget: (session) => {
    session.maxAge = undefined;
    return `${session.maxAge} ${session.isModified}`;
  },
  write: (session) => {
    session.set('page', (session.get('page') ?? 0) + 1);
    return `${session.maxAge} ${session.isModified}`;
  },
  read: (session) => String(session.get('user')),
  regenerate: (session) => session.regenerate({ keep: ['user'] }),
  impossible: (session, _response, request) => {
    const name = String(rawRequest(request).headers['x-name']) as keyof typeof IMPOSSIBLE;
    try {
      session.maxAge = IMPOSSIBLE[name] as number;
      return 'accepted';
    } catch (error) {
      return `${(error as SessionError).code} ${(error as Error).message}`;
    }
  },
});

describeOnEachPlatform('A session with a maxAge of its own', (platform) => {
  beforeEach(stopClock);
  const start = async (session: object = {}) =>
    (await startApp(platform, { session: { maxAge: 1000, ...session }, controllers: [controller] })).client();

  it('lives as long as that, in the token and in Max-Age', async () => {
    const reply = await (await start()).get('/remember');
    expect(sentClaims(reply)).toMatchObject({ iat: START, exp: START + 5000, ttl: 5000 });
    expect([sentMaxAge(reply), reply.text]).toEqual([5000, '5000']);
  });

  it('keeps it when it is written later', async () => {
    const client = await start();
    await client.get('/remember');
    setClock(2000);
    const reply = await client.get('/write');
    expect(sentClaims(reply)).toMatchObject({
      iat: START,
      exp: START + 7000,
      ttl: 5000,
      data: { user: 'tom', page: 1 },
    });
    expect([sentMaxAge(reply), reply.text]).toEqual([5000, '5000 true']);
    setClock(6999);
    expect((await client.get('/read')).text).toBe('tom');
  });

  it('may be shorter than others', async () => {
    const client = await start();
    await signIn(client, { user: 'tom' });
    const reply = await client.get('/briefly');
    expect(sentClaims(reply)).toEqual({ jti: ID, iat: START, exp: START + 60, ttl: 60, data: { user: 'tom' } });
    expect(sentMaxAge(reply)).toBe(60);
  });

  it('is kept by a browser that closes, with expireOnBrowserClose', async () => {
    const client = await start({ expireOnBrowserClose: true });
    expect(sentMaxAge(await client.get('/remember'))).toBe(5000);
    setClock(500);
    expect(sentMaxAge(await client.get('/write'))).toBe(5000);
    expect(sentMaxAge(await client.get('/forget'))).toBeUndefined();
  });

  it('ends at absoluteMaxAge at the latest', async () => {
    const client = await start({ absoluteMaxAge: 8000 });
    await client.get('/remember');
    setClock(4000);
    const reply = await client.get('/write');
    expect(sentClaims(reply)).toMatchObject({ exp: START + 8000, ttl: 5000 });
    expect(sentMaxAge(reply)).toBe(4000);
  });

  it('is sent without one when it is taken away', async () => {
    const client = await start();
    await client.get('/remember');
    const reply = await client.get('/forget');
    expect(sentClaims(reply)).not.toHaveProperty('ttl');
    expect([sentClaims(reply).exp, reply.text]).toEqual([START + 1000, '1000 true']);
  });

  it('loses it when it is regenerated', async () => {
    const client = await start();
    await client.get('/remember');
    const claims = sentClaims(await client.get('/regenerate'));
    expect(claims).not.toHaveProperty('ttl');
    expect(claims).toMatchObject({ exp: START + 1000, data: { user: 'tom' } });
  });

  it('sends nothing when it is set to the same', async () => {
    const client = await start();
    await client.get('/remember');
    expect((await client.get('/same')).setCookie).toEqual([]);
  });

  it('sends nothing when it is new and has no data', async () => {
    expect((await (await start()).get('/briefly')).setCookie).toEqual([]);
  });

  it.each(Object.keys(IMPOSSIBLE))('refuses a maxAge that is none (%s)', async (name) => {
    const reply = await (await start()).get('/impossible', { headers: { 'x-name': name } });
    expect(reply.text).toBe(
      'ERR_SESSION_MAX_AGE_INVALID Cannot set the maxAge of the session: it is not a whole number of seconds from 1 ' +
        'to 3155760000. Give seconds, not milliseconds, or undefined for the maxAge of the module.',
    );
    expect(reply.setCookie).toEqual([]);
  });
});
