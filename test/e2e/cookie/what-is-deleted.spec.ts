import { describe, expect, it } from '@jest/globals';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { DELETION, forge, ID, sentClaims, signIn } from '../../support/tokens.js';

const controller = routes({
  clear: (session) => session.clear(),
  deleteLast: (session) => session.delete('user'),
  popLast: (session) => session.pop('user'),
  deleteByData: (session) => {
    delete session.data.user;
  },
  undefinedLast: (session) => session.set('user', undefined),
  destroy: (session) => session.destroy(),
  destroyTwice: (session) => {
    session.destroy();
    session.destroy();
  },
  destroyAndSet: (session) => {
    session.destroy();
    session.set('user', 'mike');
  },
  setAndDestroy: (session) => {
    session.set('user', 'mike');
    session.destroy();
  },
  clearAndSet: (session) => {
    session.clear();
    session.set('user', 'mike');
  },
  read: (session) => String(session.get('user')),
});

const DATA = { user: 'tom' };
const INVALID = forge(DATA, { secret: 'a secret that nobody here has got' });

describeOnEachPlatform('A session that ends', (platform) => {
  const start = (session = {}) => startApp(platform, { session, controllers: [controller] });

  describe('when a valid cookie came', () => {
    it.each([
      ['is emptied by clear()', 'clear'],
      ['loses its last value by delete()', 'deleteLast'],
      ['loses its last value by pop()', 'popLast'],
      ['loses its last value in data', 'deleteByData'],
      ['has nothing but undefined left', 'undefinedLast'],
      ['is destroyed', 'destroy'],
      ['is destroyed twice', 'destroyTwice'],
      ['is written and destroyed', 'setAndDestroy'],
    ])('sends a deletion when it %s', async (_case, path) => {
      const client = (await start()).client();
      await signIn(client, DATA);
      const reply = await client.get(`/${path}`);
      expect([reply.status, reply.setCookie]).toEqual([200, [DELETION]]);
      expect(reply.headers.vary).toBe('Cookie');
      expect(reply.headers['cache-control']).toBe('private, no-store');
      expect(await client.cookie()).toBeUndefined();
      expect((await client.get('/read')).text).toBe('undefined');
    });

    it('starts a new session when something is set after destroy()', async () => {
      const client = (await start()).client();
      await signIn(client, DATA);
      const claims = sentClaims(await client.get('/destroyAndSet'));
      expect(claims.data).toEqual({ user: 'mike' });
      expect(claims.jti).toMatch(/^[\w-]{22}$/);
      expect(claims.jti).not.toBe(ID);
    });

    it('stays the same session when something is set after clear()', async () => {
      const client = (await start()).client();
      await signIn(client, DATA);
      expect(sentClaims(await client.get('/clearAndSet'))).toMatchObject({ jti: ID, data: { user: 'mike' } });
    });
  });

  describe('when an invalid cookie came', () => {
    it.each(['destroy', 'destroyTwice', 'setAndDestroy'])('sends a deletion on /%s', async (path) => {
      const client = (await start()).client();
      await client.setCookie('session', INVALID);
      expect((await client.get(`/${path}`)).setCookie).toEqual([DELETION]);
    });

    it.each(['clear', 'deleteLast', 'popLast', 'read'])('sends nothing on /%s', async (path) => {
      const client = (await start()).client();
      await client.setCookie('session', INVALID);
      expect((await client.get(`/${path}`)).setCookie).toEqual([]);
      expect(await client.cookie()).toBe(INVALID);
    });
  });

  describe('when no cookie came', () => {
    it.each(['clear', 'deleteLast', 'popLast', 'destroy', 'destroyTwice', 'setAndDestroy'])(
      'sends nothing on /%s',
      async (path) => {
        const reply = await (await start()).client().get(`/${path}`);
        expect([reply.status, reply.setCookie]).toEqual([200, []]);
      },
    );

    it('starts a session when something is set after destroy()', async () => {
      const reply = await (await start()).client().get('/destroyAndSet');
      expect(sentClaims(reply).data).toEqual({ user: 'mike' });
    });
  });

  it('repeats all attributes of the cookie in the deletion', async () => {
    const session = {
      cookieName: '__Secure-s',
      path: '/shop',
      domain: 'example.org',
      secure: true,
      sameSite: 'none',
      partitioned: true,
      priority: 'high',
      httpOnly: false,
    } as const;
    const client = (await start(session)).client();
    const [line = ''] = (await client.get('/destroyAndSet')).setCookie;
    const attributes = line.split('; ').filter((text) => !/^(__Secure-s|Max-Age)=/.test(text));
    expect(attributes.toSorted()).toEqual(
      ['Path=/shop', 'Domain=example.org', 'Secure', 'SameSite=None', 'Partitioned', 'Priority=High'].toSorted(),
    );
    const cookie = `__Secure-s=${forge(DATA, { cookieName: '__Secure-s' })}`;
    const [deletion = ''] = (await client.get('/destroy', { headers: { cookie } })).setCookie;
    expect(deletion.split('; ').toSorted()).toEqual(
      ['__Secure-s=', 'Max-Age=0', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT', ...attributes].toSorted(),
    );
  });
});
