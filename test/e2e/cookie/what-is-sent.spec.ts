import { beforeEach, describe, expect, it } from '@jest/globals';
import { ForbiddenException } from '@nestjs/common';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { headerText } from '../../support/jose.js';
import { rawResponse, routes } from '../../support/routes.js';
import { FORMS } from '../../support/forms.js';
import { DELETION, ID, sentCookie, sentMaxAge } from '../../support/tokens.js';

const DATA = { count: 1, cart: { items: ['apple'] } };

const CLAIMS = { iat: START - 300, exp: START + 700 };

const controller = routes({
  nothing: () => 'ok',
  read: (session) => `${session.get('count')} ${session.has('user')} ${session.size} ${session.isNew} ${session.id}`,
  readDeep: (session) => session.data.cart.items.length,
  readTimes: (session) => `${session.createdAt.getTime()} ${session.expiresAt.getTime()} ${session.maxAge}`,
  readAll: (session) => JSON.stringify([session.keys(), session.entries()]),
  write: (session) => session.set('count', 2),
  writeDeep: (session) => session.data.cart.items.push('pear'),
  writeDeepByGet: (session) => session.get('cart').items.push('pear'),
  writeDeepByEntries: (session) => {
    for (const [key, value] of session.entries()) if (key === 'cart') value.items.push('pear');
  },
  writeAndBack: (session) => {
    session.set('count', 2);
    session.data.cart.items.push('pear');
    session.set('count', 1);
    session.data.cart.items.pop();
  },
  writeSame: (session) => session.set('cart', { items: ['apple'] }),
  writeTwice: (session) => {
    session.set('count', 2);
    session.set('count', 2);
  },
  writeOverTwoWays: (session) => {
    session.update({ count: 2 });
    session.pop('cart');
  },
  deleteAndSet: (session) => {
    session.delete('count');
    session.set('count', 1);
  },
  deleteAbsent: (session) => String(session.delete('user')) + String(session.pop('user', 'nobody')),
  writeAndRollback: (session) => {
    session.set('count', 2);
    session.rollback();
  },
  clear: (session) => session.clear(),
  destroy: (session) => session.destroy(),
  touch: (session) => session.touch(),
  throws: (session) => {
    session.set('count', 2);
    throw new ForbiddenException();
  },
  late: (session, response) => {
    rawResponse(response).write('first ');
    try {
      session.set('count', 2);
    } catch (error) {
      rawResponse(response).end((error as { code?: string }).code);
    }
  },
  bad: (session) => session.set('bad', 10n),
  large: (session) => session.set('text', 'x'.repeat(2_000_000)),
});

describeOnEachPlatform('A session', (platform) => {
  describe.each(FORMS)('$name', ({ encrypt, forge, claimsOf, headerOf, shape }) => {
    beforeEach(stopClock);

    const start = async (session: object = {}) =>
      (await startApp(platform, { session: { encrypt, ...session }, controllers: [controller] })).client();

    it('sends no cookie and no Vary when it was not touched', async () => {
      const client = await start();
      await client.setCookie('session', await forge(DATA));
      const reply = await client.get('/nothing');
      expect([reply.status, reply.text, reply.setCookie]).toEqual([200, 'ok', []]);
      expect(reply.headers.vary).toBeUndefined();
      expect(reply.headers['cache-control']).toBeUndefined();
    });

    it.each([
      ['was only read', 'read', `1 false 2 false ${ID}`],
      ['was read deep inside', 'readDeep', '1'],
      ['was listed', 'readAll', JSON.stringify([['count', 'cart'], Object.entries(DATA)])],
      ['was changed and changed back', 'writeAndBack', ''],
      ['was changed and rolled back', 'writeAndRollback', ''],
      ['was set to the value that it had', 'writeSame', ''],
      ['lost a value and got it again, in another order', 'deleteAndSet', ''],
      ['was to lose what it did not have', 'deleteAbsent', 'falsenobody'],
    ])('sends no cookie but Vary when it %s', async (_case, path, text) => {
      const client = await start();
      await client.setCookie('session', await forge(DATA));
      const reply = await client.get(`/${path}`);
      expect([reply.status, reply.text, reply.setCookie]).toEqual([200, text, []]);
      expect(reply.headers.vary).toBe('Cookie');
      expect(reply.headers['cache-control']).toBeUndefined();
    });

    it('sends no cookie when only its times were read', async () => {
      const client = await start();
      await client.setCookie('session', await forge(DATA, { claims: { iat: START - 1, exp: START + 9 } }));
      const reply = await client.get('/readTimes');
      expect([reply.text, reply.setCookie]).toEqual([`${START - 1}000 ${START + 9}000 1209600`, []]);
    });

    it('sends no cookie to a visitor without one whose new session was read', async () => {
      const reply = await (await start()).get('/read');
      expect(reply.text).toMatch(/^undefined false 0 true [\w-]{22}$/);
      expect([reply.setCookie, reply.headers.vary]).toEqual([[], 'Cookie']);
    });

    const pear = { count: 1, cart: { items: ['apple', 'pear'] } };

    it.each([
      ['a value was set', 'write', 200, { ...DATA, count: 2 }],
      ['something deep inside was changed', 'writeDeep', 200, pear],
      ['something deep inside that get() gave was changed', 'writeDeepByGet', 200, pear],
      ['something deep inside that entries() gave was changed', 'writeDeepByEntries', 200, pear],
      ['a value was set twice to the same', 'writeTwice', 200, { ...DATA, count: 2 }],
      ['it was updated and a value popped', 'writeOverTwoWays', 200, { count: 2 }],
      ['the handler throws after a change', 'throws', 403, { ...DATA, count: 2 }],
      ['it was touched', 'touch', 200, DATA],
    ])('sends one cookie, with the same id and a fresh expiry, when %s', async (_case, path, status, data) => {
      const client = await start();
      await client.setCookie('session', await forge(DATA, { claims: CLAIMS }));
      const reply = await client.get(`/${path}`);
      expect([reply.status, reply.setCookie.length]).toEqual([status, 1]);
      const claims = { jti: ID, iat: CLAIMS.iat, exp: START + 1_209_600, data };
      expect(await claimsOf(sentCookie(reply).value)).toEqual(claims);
      expect([reply.headers.vary, reply.headers['cache-control']]).toEqual(['Cookie', 'private, no-store']);
    });

    it('sends the cookie raw, with the attributes of the defaults', async () => {
      const { value, attributes } = sentCookie(await (await start()).get('/write'));
      expect(value).toMatch(shape);
      expect(attributes).toEqual(['Max-Age=1209600', 'Path=/', 'HttpOnly', 'SameSite=Lax']);
    });

    it('carries its data to the next request', async () => {
      const client = await start();
      await client.get('/write');
      expect((await client.get('/read')).text).toMatch(/^2 false 1 false /);
    });

    it.each(['clear', 'destroy'])('sends the deletion at %s(), if a cookie had come', async (path) => {
      const client = await start();
      expect((await client.get(`/${path}`)).setCookie).toEqual([]);
      await client.setCookie('session', await forge(DATA));
      expect((await client.get(`/${path}`)).setCookie).toEqual([DELETION]);
      expect(await client.cookieNames()).toEqual([]);
    });

    it('is sent anew under the newest secret, its expiry kept, when it was read', async () => {
      const client = await start({ secretKey: [SECRET, OTHER_SECRET] });
      await client.setCookie('session', await forge(DATA, { secret: OTHER_SECRET, claims: CLAIMS }));
      const reply = await client.get('/read');
      const { value } = sentCookie(reply);
      expect([reply.text, headerText(value)]).toEqual([`1 false 2 false ${ID}`, headerOf(ID)]);
      expect(await claimsOf(value)).toEqual({ jti: ID, ...CLAIMS, data: DATA });
      expect(sentMaxAge(reply)).toBe(700);
      expect((await client.get('/read')).setCookie).toEqual([]);
    });

    it('sends nothing for a cookie under an unknown key, unless it is written', async () => {
      const client = await start();
      const foreign = await forge(DATA, { secret: OTHER_SECRET });
      await client.setCookie('session', foreign);
      expect((await client.get('/read')).setCookie).toEqual([]);
      expect(await client.cookie()).toBe(foreign);
      expect(await claimsOf(sentCookie(await client.get('/write')).value)).toMatchObject({ data: { count: 2 } });
    });

    it('sends a rolling cookie once a tenth of its time has passed', async () => {
      const client = await start({ rolling: true, maxAge: 1000 });
      const token = await forge(DATA, { claims: { iat: START, exp: START + 1000 } });
      const headers = { cookie: `session=${token}` };
      setClock(99);
      expect((await client.get('/read', { headers })).setCookie).toEqual([]);
      setClock(100);
      const { value } = sentCookie(await client.get('/read', { headers }));
      expect(await claimsOf(value)).toMatchObject({ jti: ID, iat: START, exp: START + 1100 });
    });

    it('sends nothing after the headers have left, and set() throws', async () => {
      const client = await start();
      await client.setCookie('session', await forge(DATA));
      const reply = await client.get('/late');
      expect([reply.text, reply.setCookie]).toEqual(['first ERR_SESSION_HEADERS_SENT', []]);
    });

    it.each(['bad', 'large'])('sends nothing when it cannot be saved, and the old cookie stays (/%s)', async (path) => {
      const client = await start();
      const token = await forge(DATA);
      await client.setCookie('session', token);
      const reply = await client.get(`/${path}`);
      expect([reply.status, reply.setCookie, await client.cookie()]).toEqual([500, [], token]);
    });
  });
});
