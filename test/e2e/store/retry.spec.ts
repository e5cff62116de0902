import { expect, it } from '@jest/globals';
import type { SessionModuleOptions, SessionStoreOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { type RouteHandler, routes } from '../../support/routes.js';
import { failOnce, TestStore } from '../../support/stores.js';

/** The interceptor saves after the handler, so it tries again what has failed here. */
const failing = (change: RouteHandler): RouteHandler => {
  return async (session, ...rest) => {
    change(session, ...rest);
    await session.save().catch(() => session.set('hasFailed', true));
  };
};

const controller = routes({
  read: (session) => JSON.stringify(session.data),
  begin: (session) => session.set('cart', 1),
  login: failing((session) => {
    session.regenerate();
    session.set('user', 'ada');
  }),
  'login-with-cart': failing((session) => {
    session.regenerate({ keep: ['cart'] });
    session.set('user', 'ada');
  }),
  enter: (session) => session.set('user', 'ada'),
  leave: failing((session) => session.delete('user')),
  'begin-and-take-back': async (session) => {
    session.update({ a: 1, b: 1 });
    await session.save().catch(() => session.set('hasFailed', true));
    session.delete('b');
  },
});

describeOnEachPlatform('A save that is tried again after it has failed', (platform) => {
  const start = async (options: Partial<SessionStoreOptions> = {}, store = new TestStore()) => {
    const session: Partial<SessionModuleOptions> = { store: { store, ...options } };
    const { client } = await startApp(platform, { session, controllers: [controller] });
    const withCookie = async (value: string | undefined) => {
      const visitor = client();
      await visitor.setCookie('session', value ?? '');
      return visitor;
    };
    return { store, visitor: client(), withCookie };
  };

  it.each([
    ['/login', 'delete', '{"user":"ada","hasFailed":true}'],
    ['/login-with-cart', 'delete', '{"cart":1,"user":"ada","hasFailed":true}'],
    ['/login-with-cart', 'save', '{"cart":1,"user":"ada","hasFailed":true}'],
  ])('ends the session before regenerate(), and each copy of its cookie: %s, %s', async (path, command, data) => {
    const { store, visitor, withCookie } = await start();
    await visitor.get('/begin');
    const copy = await withCookie(await visitor.cookie());
    failOnce(store, command);
    expect((await visitor.get(path)).status).toBe(200);
    expect([(await copy.get('/read')).text, (await visitor.get('/read')).text]).toEqual(['{}', data]);
    expect(store.records.size).toBe(1);
  });

  it('ends the session of a person who leaves, and goes on as a visitor', async () => {
    const { store, visitor, withCookie } = await start({
      data: 'cookie',
      subject: ({ user }) => user as string | undefined,
    });
    await visitor.get('/begin');
    await visitor.get('/enter');
    const copy = await withCookie(await visitor.cookie());
    failOnce(store, 'delete');
    expect((await visitor.get('/leave')).status).toBe(200);
    expect([(await copy.get('/read')).text, (await visitor.get('/read')).text]).toEqual([
      '{}',
      '{"cart":1,"hasFailed":true}',
    ]);
  });

  it('ends a session that another request has taken over meanwhile', async () => {
    const { client } = await startApp(platform, { controllers: [controller] });
    const before = client();
    await before.get('/begin');
    const { store, withCookie } = await start({ adopt: true });
    const [visitor, copy] = [await withCookie(await before.cookie()), await withCookie(await before.cookie())];
    store.before = async (command) => {
      if (command !== 'create') return;
      failOnce(store, 'delete');
      await copy.get('/enter');
    };
    expect((await visitor.get('/login')).status).toBe(200);
    expect([(await copy.get('/read')).text, (await visitor.get('/read')).text]).toEqual([
      '{}',
      '{"user":"ada","hasFailed":true}',
    ]);
  });

  it('replaces what an attempt has created whose answer was lost', async () => {
    const { store, visitor } = await start();
    failOnce(store, 'create', 'after');
    expect((await visitor.get('/begin-and-take-back')).status).toBe(200);
    expect((await visitor.get('/read')).text).toBe('{"a":1,"hasFailed":true}');
  });
});
