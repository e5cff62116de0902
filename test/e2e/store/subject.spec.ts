import { expect, it } from '@jest/globals';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { RecordingLogger } from '../../support/log.js';
import { rawResponse, routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';
import { unhandledDuring } from '../../support/unhandled.js';

const controller = routes({
  begin: (session) => session.set('n', 1),
  cart: (session) => session.set('cart', 2),
  login: (session) => {
    session.regenerate();
    session.set('user', 'ada@example.org');
  },
  'login-by-hand': (session, response) => {
    session.regenerate();
    session.set('user', 'ada@example.org');
    rawResponse(response).end('in');
  },
  enter: (session) => session.set('user', 'ada@example.org'),
  'enter-by-hand': (session, response) => {
    session.set('user', 'ada@example.org');
    rawResponse(response).end('in');
  },
  change: (session) => session.set('user', 'bob@example.org'),
  logout: (session) => void session.delete('user'),
  read: (session) => JSON.stringify(session.data),
});

const byUser = ({ user }: Record<string, unknown>) => user as string | undefined;
const subjectIn = (store: TestStore) => [...store.records.values()].at(-1)?.subject;

describeOnEachPlatform('Whose session it is', (platform) => {
  const start = async (subject: (data: Record<string, unknown>) => string | undefined, adopt = false) => {
    const store = new TestStore();
    const logger = new RecordingLogger();
    const session = { store: { store, subject, adopt } };
    const app = await startApp(platform, { session, controllers: [controller], logger });
    const withCookie = async (value: string | undefined) => {
      const visitor = app.client();
      await visitor.setCookie('session', value ?? '');
      return visitor;
    };
    return { store, logger, visitor: app.client(), withCookie };
  };

  it('is a hash in the store, the same for each of their sessions, and in no log', async () => {
    const { store, logger, visitor } = await start(byUser);
    await visitor.get('/begin');
    expect(subjectIn(store)).toBeUndefined();
    await visitor.get('/login');
    const subject = subjectIn(store);
    expect(subject).toMatch(/^[\w-]{43}$/);
    await visitor.get('/login');
    expect(subjectIn(store)).toBe(subject);
    // The data is the application's own; everything beside it is not.
    const beside = store.seen.map((args) => args.replaceAll(/"text":"(?:[^"\\]|\\.)*"/g, ''));
    expect(`${beside.join('')}${JSON.stringify(logger.lines)}`).not.toContain('ada');
  });

  it('is taken back where the data does not say it any more', async () => {
    const { store, visitor } = await start(byUser);
    await visitor.get('/begin');
    await visitor.get('/login');
    await visitor.get('/begin');
    await visitor.get('/logout');
    expect([store.data, subjectIn(store)]).toEqual([{ n: 1 }, undefined]);
  });

  it.each(['/enter', '/enter-by-hand', '/change'])(
    'gives it a fresh id where it changes, also without regenerate(), so that a planted copy is not logged in: %s',
    async (path) => {
      const { store, visitor, withCookie } = await start(byUser);
      await visitor.get('/begin');
      if (path === '/change') await visitor.get('/login');
      const planted = await withCookie(await visitor.cookie());
      expect((await visitor.get(path)).setCookie).toHaveLength(1);
      expect((await planted.get('/read')).text).toBe('{}');
      expect([(await visitor.get('/read')).text, store.records.size]).toEqual([expect.stringContaining('user'), 1]);
    },
  );

  it('keeps what other requests have saved where it changes', async () => {
    const { store, visitor } = await start(byUser);
    await visitor.get('/begin');
    store.before = async (command) => {
      if (command !== 'create') return;
      store.before = () => undefined;
      await visitor.get('/cart');
    };
    await visitor.get('/enter');
    expect(JSON.parse((await visitor.get('/read')).text)).toEqual({ n: 1, cart: 2, user: 'ada@example.org' });
    expect(store.records.size).toBe(1);
  });

  it('is not told to a planted copy of a cookie from before the store', async () => {
    const before = (await startApp(platform, { session: { store: undefined }, controllers: [controller] })).client();
    await before.get('/begin');
    const { withCookie } = await start(byUser, true);
    const [planted, visitor] = [await withCookie(await before.cookie()), await withCookie(await before.cookie())];
    await visitor.get('/enter');
    expect([(await planted.get('/read')).text, (await visitor.get('/read')).text]).toEqual([
      '{}',
      '{"n":1,"user":"ada@example.org"}',
    ]);
  });

  it.each(['/enter', '/enter-by-hand', '/login', '/login-by-hand'])(
    'decides that a log-in is a 401 that ends after all of their sessions were ended: %s',
    async (path) => {
      const { store, visitor } = await start(byUser);
      await visitor.get('/login');
      const subject = subjectIn(store) ?? '';
      await visitor.get('/logout');
      await visitor.get('/begin');
      let endedAt = 0;
      store.before = async (command) => {
        if (command === 'load') return;
        store.before = () => undefined;
        endedAt = Date.now();
        await store.deleteAllOf(subject, endedAt / 1000);
      };
      const { status, setCookie } = await visitor.get(path);
      expect([status, setCookie, subjectIn(store)]).toEqual([401, [], undefined]);
      // A log-in of the same millisecond may have begun before.
      while (Date.now() <= endedAt);
      expect((await visitor.get('/login')).status).toBe(200);
    },
  );

  it.each<() => unknown>([() => 1, () => '', async () => 'ada', async () => Promise.reject(new Error('down'))])(
    'has to be a text: otherwise nothing is saved: %s',
    async (subject) => {
      const { store, visitor } = await start(subject as () => string);
      const unhandled = await unhandledDuring(async () => {
        const { status, setCookie } = await visitor.get('/begin');
        expect([status, setCookie, store.records.size]).toEqual([500, [], 0]);
      });
      expect(unhandled).toEqual([]);
    },
  );
});
