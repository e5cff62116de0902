import { expect, it } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import type { SessionStoreOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { failOnce, TestStore } from '../../support/stores.js';

describeOnEachPlatform('A session whose last value is deleted', (platform) => {
  const start = async (options: Omit<SessionStoreOptions, 'store'> = {}) => {
    const [store, slow] = [new TestStore(), new EventEmitter()];
    const wait = async () => {
      slow.emit('arrived');
      await once(slow, 'open');
    };
    const told: string[] = [];
    const { client } = await startApp(platform, {
      session: { store: { store, ...options }, onDestroy: ({ reason }) => told.push(reason) },
      controllers: [
        routes({
          begin: (session) => session.set('user', 'ada'),
          logout: (session) => void session.delete('user'),
          'slow-logout': async (session) => {
            session.delete('user');
            await wait();
          },
          'slow-logout-twice': async (session) => {
            session.delete('user');
            await wait();
            await session.save();
          },
          'slow-logout-retry': async (session) => {
            session.delete('user');
            await wait();
            await session.save().catch(() => undefined);
            await session.save();
          },
          'logout-refill': async (session) => {
            session.delete('user');
            await session.save().catch(() => undefined);
            session.set('cart', 2);
          },
          'slow-destroy': async (session) => {
            session.destroy();
            await wait();
          },
          cart: (session) => session.set('cart', 1),
          read: (session) => JSON.stringify(session.data),
        }),
      ],
    });
    const visitor = client();
    await visitor.get('/begin');
    store.take();
    return { store, slow, told, visitor };
  };

  /** Empties the session while another request is answered. */
  const beside = async ({ visitor, slow, store }: Awaited<ReturnType<typeof start>>, path: string, other: string) => {
    const arrived = once(slow, 'arrived');
    const slowly = visitor.get(path);
    await arrived;
    await visitor.get(other);
    store.take();
    slow.emit('open');
    return slowly;
  };

  it('ends, and its cookie goes', async () => {
    const { store, told, visitor } = await start();
    await visitor.get('/logout');
    expect(store.take()).toEqual(['load', 'save', 'delete']);
    expect([await visitor.cookieNames(), store.records.size, told]).toEqual([[], 0, ['emptied']]);
  });

  it.each(['/slow-logout', '/slow-logout-twice'])(
    'lives on with what another request has saved meanwhile: %s',
    async (path) => {
      const started = await start();
      const { setCookie } = await beside(started, path, '/cart');
      const { store, told, visitor } = started;
      expect([setCookie, store.take()]).toEqual([[], ['save', 'load', 'save']]);
      expect((await visitor.get('/read')).text).toBe('{"cart":1}');
      expect(told).toEqual([]);
    },
  );

  it('lives on also where the first attempt to save it has failed', async () => {
    const started = await start();
    const { store, visitor, slow } = started;
    const arrived = once(slow, 'arrived');
    const slowly = visitor.get('/slow-logout-retry');
    await arrived;
    await visitor.get('/cart');
    failOnce(store, 'save');
    slow.emit('open');
    expect((await slowly).status).toBe(200);
    expect((await visitor.get('/read')).text).toBe('{"cart":1}');
  });

  it('begins anew with what is set after it has ended and could not be deleted', async () => {
    const { store, visitor } = await start();
    failOnce(store, 'delete');
    await visitor.get('/logout-refill');
    expect([(await visitor.get('/read')).text, store.records.size]).toEqual(['{"cart":2}', 1]);
  });

  it('lives on also where the option subject cannot read what is left', async () => {
    const started = await start({
      subject: ({ user }) => {
        if (user === undefined) return undefined;
        return (user as string).toLowerCase();
      },
    });
    await beside(started, '/slow-logout', '/cart');
    expect((await started.visitor.get('/read')).text).toBe('{"cart":1}');
    expect([...started.store.records.values()].map(({ subject }) => subject)).toEqual([undefined]);
  });

  it('ends where another request has only read it, or emptied it as well', async () => {
    for (const other of ['/read', '/logout']) {
      const started = await start();
      await beside(started, '/slow-logout', other);
      expect([started.store.records.size, await started.visitor.cookieNames()]).toEqual([0, []]);
    }
  });

  it('ends by destroy(), whatever another request saves meanwhile', async () => {
    const started = await start();
    await beside(started, '/slow-destroy', '/cart');
    expect(started.store.take()).toEqual(['delete']);
    expect((await started.visitor.get('/read')).text).toBe('{}');
  });

  it('ends with the data in the cookie, where the last answer counts', async () => {
    const started = await start({ data: 'cookie' });
    await beside(started, '/slow-logout', '/cart');
    expect([started.store.records.size, await started.visitor.cookieNames()]).toEqual([0, []]);
  });
});
