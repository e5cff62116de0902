import { beforeEach, describe, expect, it } from '@jest/globals';
import { setClock, START, stopClock } from '../../support/clock.js';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { forge, ID, sentClaims, sentCookie, sentMaxAge } from '../../support/tokens.js';

const controller = routes({
  read: (session) => `${session.get('n')} ${session.isNew} ${session.expiresAt.getTime() / 1000 - START}`,
  write: (session) => {
    session.data.n = (session.data.n ?? 0) + 1;
    return String(session.expiresAt.getTime() / 1000 - START);
  },
  touch: (session) => session.touch(),
  nothing: () => 'ok',
});

/** A session of the start with this expiry, as a request would carry it. */
const cookie = (claims: { iat?: number; exp: number; ttl?: number }) => ({
  headers: { cookie: `session=${forge({ n: 1 }, { claims: { iat: START, ...claims } })}` },
});

describeOnEachPlatform('The lifetime of a session', (platform) => {
  beforeEach(stopClock);
  const start = async (session: object) => (await startApp(platform, { session, controllers: [controller] })).client();

  describe('with maxAge', () => {
    it('starts when the cookie is issued', async () => {
      const client = await start({ maxAge: 1000 });
      setClock(10);
      const reply = await client.get('/write');
      expect(sentClaims(reply)).toMatchObject({ iat: START + 10, exp: START + 1010 });
      expect([sentMaxAge(reply), reply.text]).toEqual([1000, '1010']);
    });

    it('ends on the server too, at the very second', async () => {
      const client = await start({ maxAge: 1000 });
      setClock(999);
      expect((await client.get('/read', cookie({ exp: START + 1000 }))).text).toBe('1 false 1000');
      setClock(1000);
      const reply = await client.get('/read', cookie({ exp: START + 1000 }));
      expect([reply.text, reply.setCookie]).toEqual(['undefined true 2000', []]);
    });

    it('is extended by writing and not by reading', async () => {
      const client = await start({ maxAge: 1000 });
      setClock(500);
      expect((await client.get('/read', cookie({ exp: START + 1000 }))).setCookie).toEqual([]);
      const written = await client.get('/write', cookie({ exp: START + 1000 }));
      expect(sentClaims(written)).toEqual({ jti: ID, iat: START, exp: START + 1500, data: { n: 2 } });
      expect(sentMaxAge(written)).toBe(1000);
    });

    it('is extended by touch()', async () => {
      const client = await start({ maxAge: 1000 });
      setClock(1);
      const touched = await client.get('/touch', cookie({ exp: START + 1000 }));
      expect(sentClaims(touched)).toEqual({ jti: ID, iat: START, exp: START + 1001, data: { n: 1 } });
    });
  });

  describe('with absoluteMaxAge', () => {
    const options = { maxAge: 1000, absoluteMaxAge: 1500 };

    it('is extended no further than that', async () => {
      const client = await start(options);
      setClock(900);
      for (const path of ['/write', '/touch']) {
        const reply = await client.get(path, cookie({ exp: START + 1000 }));
        expect([sentClaims(reply).exp, sentMaxAge(reply)]).toEqual([START + 1500, 600]);
      }
    });

    it('ends then, even if the cookie says otherwise', async () => {
      const client = await start(options);
      setClock(1499);
      expect((await client.get('/read', cookie({ exp: START + 2400 }))).text).toBe('1 false 2400');
      setClock(1500);
      expect((await client.get('/read', cookie({ exp: START + 2400 }))).text).toBe('undefined true 2500');
    });
  });

  describe('with expireOnBrowserClose', () => {
    it('has no Max-Age, and ends on the server all the same', async () => {
      const client = await start({ maxAge: 1000, expireOnBrowserClose: true });
      const reply = await client.get('/write');
      expect(sentCookie(reply).attributes).toEqual(['Path=/', 'HttpOnly', 'SameSite=Lax']);
      expect(sentClaims(reply).exp).toBe(START + 1000);
      setClock(999);
      expect((await client.get('/read')).text).toBe('1 false 1000');
      setClock(1000);
      expect((await client.get('/read')).text).toBe('undefined true 2000');
    });
  });

  describe('with rolling', () => {
    it('is extended by reading once a tenth of it has passed', async () => {
      const client = await start({ maxAge: 1000, rolling: true });
      setClock(99);
      expect((await client.get('/read', cookie({ exp: START + 1000 }))).setCookie).toEqual([]);
      setClock(100);
      const reply = await client.get('/read', cookie({ exp: START + 1000 }));
      expect(sentClaims(reply)).toEqual({ jti: ID, iat: START, exp: START + 1100, data: { n: 1 } });
      expect([reply.text, sentMaxAge(reply)]).toEqual(['1 false 1100', 1000]);
      setClock(199);
      expect((await client.get('/read')).setCookie).toEqual([]);
      setClock(200);
      expect(sentClaims(await client.get('/read')).exp).toBe(START + 1200);
    });

    it('stays as it is when the session is not touched', async () => {
      const client = await start({ maxAge: 1000, rolling: true });
      setClock(900);
      expect((await client.get('/nothing', cookie({ exp: START + 1000 }))).setCookie).toEqual([]);
    });

    it('counts the tenth of the lifetime of the session itself', async () => {
      const client = await start({ maxAge: 1000, rolling: true });
      setClock(5);
      expect((await client.get('/read', cookie({ exp: START + 60, ttl: 60 }))).setCookie).toEqual([]);
      setClock(6);
      const reply = await client.get('/read', cookie({ exp: START + 60, ttl: 60 }));
      expect(sentClaims(reply)).toMatchObject({ exp: START + 66, ttl: 60 });
    });

    it('is not extended beyond absoluteMaxAge, nor sent again for nothing', async () => {
      const client = await start({ maxAge: 1000, absoluteMaxAge: 1500, rolling: true });
      setClock(1399);
      expect(sentClaims(await client.get('/read', cookie({ exp: START + 1400 }))).exp).toBe(START + 1500);
      expect((await client.get('/read', cookie({ exp: START + 1500 }))).setCookie).toEqual([]);
    });
  });
});
