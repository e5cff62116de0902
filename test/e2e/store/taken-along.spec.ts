import { expect, it } from '@jest/globals';
import type { SessionStoreOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';

const controller = routes({
  begin: (session) => session.update({ n: 1, cart: 1 }),
  empty: (session) => session.set('n', 1),
  cart: (session) => session.set('cart', 2),
  'no-cart': (session) => void session.delete('cart'),
  other: (session) => session.set('other', 2),
  token: (session) => session.csrfToken(),
  short: (session) => (session.maxAge = 60),
  logout: (session) => void session.delete('user'),
  destroy: (session) => session.destroy(),
  regenerate: (session) => session.regenerate({ keep: ['cart'] }),
  stay: (session) => session.regenerate({ keep: ['cart', 'user'] }),
  login: (session) => {
    session.regenerate({ keep: ['cart', '$csrf'] });
    session.set('user', 'ada');
  },
  'login-and-fill': (session) => {
    session.regenerate({ keep: ['cart'] });
    session.update({ user: 'ada', cart: 3 });
  },
  'login-in-two-steps': (session) => {
    session.regenerate({ keep: ['n'] });
    session.regenerate({ keep: ['n', 'cart'] });
    session.set('user', 'ada');
  },
  'save-and-login': async (session) => {
    session.set('n', 2);
    await session.save();
    session.regenerate({ keep: ['cart'] });
    session.set('user', 'ada');
  },
  'login-twice': async (session) => {
    session.regenerate({ keep: ['cart'] });
    session.set('user', 'ada');
    await session.save().catch(() => undefined);
  },
  enter: (session) => session.set('user', 'ada'),
  'save-and-enter': async (session) => {
    session.set('n', 2);
    await session.save();
    session.set('user', 'ada');
  },
  remember: (session) => {
    session.set('user', 'ada');
    session.maxAge = 5000;
  },
  read: (session) => JSON.stringify(session.data),
  'max-age': (session) => String(session.maxAge),
});

const subject: SessionStoreOptions['subject'] = ({ user }) => user as string | undefined;

describeOnEachPlatform(
  'What a parallel request has saved in a session that ends, and whose values go on,',
  (platform) => {
    const start = async (options: Partial<SessionStoreOptions> = {}) => {
      const store = new TestStore();
      const { client } = await startApp(platform, {
        session: { store: { store, subject, ...options } },
        controllers: [controller],
      });
      const withCookie = async (of: Client) => {
        const copy = client();
        await copy.setCookie('session', (await of.cookie()) ?? '');
        return copy;
      };
      /** Requests with a copy of the cookie, before the first such command of the request that follows. */
      const meanwhile = async (of: Client, command: string, ...paths: string[]) => {
        const copy = await withCookie(of);
        store.before = async (each) => {
          if (each !== command) return;
          store.before = () => undefined;
          for (const path of paths) await copy.get(path);
        };
      };
      return { store, visitor: client(), withCookie, meanwhile };
    };

    const begun = async (...args: Parameters<typeof start>) => {
      const started = await start(...args);
      await started.visitor.get('/begin');
      return started;
    };

    it.each([
      ['/login', ['/cart', '/other'], { cart: 2, user: 'ada' }],
      ['/login', ['/no-cart'], { user: 'ada' }],
      ['/login', ['/token'], { cart: 1, user: 'ada' }],
      ['/login-and-fill', ['/cart'], { cart: 3, user: 'ada' }],
      ['/login-in-two-steps', ['/cart'], { n: 1, user: 'ada' }],
      ['/regenerate', ['/cart', '/other'], { cart: 2 }],
    ])('is in the keys that regenerate() keeps, and in no other: %s, %j', async (path, others, expected) => {
      const { store, visitor, meanwhile } = await begun();
      await meanwhile(visitor, 'create', ...others);
      expect((await visitor.get(path)).setCookie).toHaveLength(1);
      expect([await dataOf(visitor), store.records.size]).toEqual([expected, 1]);
    });

    it('is in a key that regenerate() keeps where the request has no value of it', async () => {
      const { visitor, meanwhile } = await start();
      await visitor.get('/empty');
      await meanwhile(visitor, 'create', '/cart', '/other');
      await visitor.get('/login');
      expect(await dataOf(visitor)).toEqual({ cart: 2, user: 'ada' });
    });

    it('is not missed by a log-in that has no value to keep, where it has ended the session', async () => {
      const { visitor, meanwhile } = await start();
      await visitor.get('/empty');
      await meanwhile(visitor, 'create', '/cart', '/destroy');
      await visitor.get('/login');
      expect(await dataOf(visitor)).toEqual({ user: 'ada' });
    });

    it.each([
      ['/save-and-login', { cart: 2, user: 'ada' }],
      ['/save-and-enter', { n: 2, cart: 2, user: 'ada' }],
    ])('goes on where a save of this request has merged it before: %s', async (path, expected) => {
      const { visitor, meanwhile } = await begun();
      await meanwhile(visitor, 'save', '/cart');
      await visitor.get(path);
      expect(await dataOf(visitor)).toEqual(expected);
    });

    it('ends a log-in where it is the log-out of the person that goes on', async () => {
      const { store, visitor, meanwhile } = await begun();
      await visitor.get('/enter');
      await meanwhile(visitor, 'create', '/logout');
      await visitor.get('/stay');
      expect(await dataOf(visitor)).toEqual({ cart: 1 });
      expect([...store.records.values()].map((record) => record.subject)).toEqual([undefined]);
    });

    it('goes on where the command that takes it along has failed, and is tried again', async () => {
      const { store, visitor, withCookie } = await begun();
      const copy = await withCookie(visitor);
      const failing = ['create', 'save', 'save', 'save'];
      store.before = async (command) => {
        if (command !== failing[0]) return;
        failing.shift();
        if (command === 'create') {
          const { before } = store;
          store.before = () => undefined;
          await copy.get('/cart');
          store.before = before;
        } else if (failing.length === 0) throw new Error('down');
      };
      expect((await visitor.get('/login-twice')).status).toBe(200);
      expect([failing, await dataOf(visitor), store.records.size]).toEqual([[], { cart: 2, user: 'ada' }, 1]);
    });

    it('leaves the lifetime alone that a log-in gives', async () => {
      const { visitor, meanwhile } = await begun();
      await meanwhile(visitor, 'create', '/cart');
      await visitor.get('/remember');
      expect([(await visitor.get('/max-age')).text, await dataOf(visitor)]).toEqual([
        '5000',
        { n: 1, cart: 2, user: 'ada' },
      ]);
    });

    it.each([
      ['/regenerate', '1209600'],
      ['/enter', '60'],
    ])('is the lifetime of the session, unless regenerate() forgets it: %s', async (path, expected) => {
      const { visitor, meanwhile } = await begun();
      await meanwhile(visitor, 'create', '/short', '/cart');
      await visitor.get(path);
      expect([(await visitor.get('/max-age')).text, await dataOf(visitor)]).toEqual([
        expected,
        expect.objectContaining({ cart: 2 }),
      ]);
    });

    it.each([
      ['/login', { cart: 2, user: 'ada' }],
      ['/enter', { n: 1, cart: 2, other: 2, user: 'ada' }],
    ])('goes on where both have taken the session over from its cookie: %s', async (path, expected) => {
      const plain = (await startApp(platform, { session: { store: undefined }, controllers: [controller] })).client();
      await plain.get('/begin');
      const { store, withCookie, meanwhile } = await start({ adopt: true });
      const visitor = await withCookie(plain);
      await meanwhile(visitor, 'create', '/cart', '/other');
      await visitor.get(path);
      expect(await dataOf(visitor)).toEqual(expected);
      // That of the session, and what is remembered of the one that was taken over.
      expect(store.records.size).toBe(2);
    });

    it('goes on where both have taken the session over, and its end has failed once', async () => {
      const plain = (await startApp(platform, { session: { store: undefined }, controllers: [controller] })).client();
      await plain.get('/begin');
      const { store, withCookie, meanwhile } = await start({ adopt: true });
      const visitor = await withCookie(plain);
      await meanwhile(visitor, 'create', '/cart');
      const { before } = store;
      store.before = async (command) => {
        await before(command);
        if (command === 'create') {
          store.before = (each) => {
            if (each !== 'delete') return undefined;
            store.before = () => undefined;
            return Promise.reject(new Error('down'));
          };
        }
      };
      expect((await visitor.get('/login-twice')).status).toBe(200);
      expect(await dataOf(visitor)).toEqual({ cart: 2, user: 'ada' });
    });
  },
);

async function dataOf(visitor: Client): Promise<object> {
  return JSON.parse((await visitor.get('/read')).text) as object;
}
