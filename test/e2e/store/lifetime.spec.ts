import { expect, it } from '@jest/globals';
import type { SessionModuleOptions, SessionSchema } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { RecordingLogger } from '../../support/log.js';
import { routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';
import { claimsOf } from '../../support/tokens.js';

/** Requests that wait for each other after they have read their session, so that they are parallel for certain. */
let waiting: (() => void)[] = [];
async function together(): Promise<void> {
  if (waiting.length === 1) for (const go of waiting.splice(0)) go();
  else await new Promise<void>((resolve) => waiting.push(resolve));
}

const controller = routes({
  begin: (session) => session.set('n', 1),
  read: (session) => `${session.get('n')} ${session.maxAge} ${session.expiresAt.getTime() / 1000 - START}`,
  new: (session) => String(session.isNew),
  write: (session) => {
    session.set('n', (session.get('n') ?? 0) + 1);
    return String(session.expiresAt.getTime() / 1000 - START);
  },
  remember: (session) => session.setLifetime({ maxAge: 5000, absoluteMaxAge: 20_000 }),
  short: (session) => session.setLifetime({ absoluteMaxAge: 100 }),
  'max-age': (session) => (session.maxAge = 60),
  usual: (session) => session.setLifetime({}),
  regenerate: (session) => session.regenerate({ keep: ['n'] }),
  'parallel-remember': async (session) => {
    session.get('n');
    await together();
    session.setLifetime({ maxAge: 5000, absoluteMaxAge: 20_000 });
  },
  'parallel-write': async (session) => {
    session.get('n');
    await together();
    session.set('m', 1);
  },
  'parallel-touch': async (session) => {
    session.get('n');
    await together();
    session.touch();
  },
  'parallel-logout': async (session) => {
    session.get('n');
    await together();
    session.delete('user');
  },
  login: (session) => session.set('user', 'ada'),
  'save-and-take-back': async (session) => {
    session.maxAge = 60;
    await session.save();
    session.maxAge = undefined;
  },
  'save-and-roll-back': async (session) => {
    session.set('n', 7);
    session.maxAge = 60;
    await session.save();
    session.rollback();
  },
  'parallel-max-age': async (session) => {
    session.get('n');
    await together();
    session.maxAge = 60;
  },
  'parallel-short': async (session) => {
    session.get('n');
    await together();
    session.setLifetime({ absoluteMaxAge: 260 });
  },
});

const byUser = ({ user }: Record<string, unknown>) => user as string | undefined;

describeOnEachPlatform('In a store, a session with a lifetime of its own', (platform) => {
  const begun = async (options: Partial<SessionModuleOptions> = {}) => {
    stopClock();
    waiting = [];
    const store = new TestStore();
    const session = { store, maxAge: 1000, absoluteMaxAge: 2000, ...options };
    const { client } = await startApp(platform, { session, controllers: [controller] });
    const visitor = client();
    await visitor.get('/begin');
    const copy = client();
    await copy.setCookie('session', (await visitor.cookie()) ?? '');
    return { store, visitor, copy, client };
  };

  it('lives beyond the absolute end of the others, and its record as long as its cookie', async () => {
    const { store, visitor } = await begun();
    expect((await visitor.get('/remember')).setCookie).toHaveLength(1);
    const { ttl, abs, exp } = claimsOf((await visitor.cookie()) ?? '') as { ttl?: number; abs?: number; exp: number };
    expect([ttl, abs, exp - START]).toEqual([5000, 20_000, 5000]);
    expect([...store.records.values()].map(({ expiresAt }) => expiresAt - START)).toEqual([5000]);
    setClock(4999);
    await visitor.get('/write');
    expect((await visitor.get('/read')).text).toBe('2 5000 9999');
  });

  it.each([
    ['/short', 100],
    ['/max-age', 60],
  ])('ends older copies of its cookie when it ends: %s', async (path, seconds) => {
    const { visitor, copy } = await begun();
    await visitor.get(path);
    setClock(seconds - 1);
    expect([(await copy.get('/read')).text, (await visitor.get('/read')).text]).toEqual([
      expect.stringMatching(new RegExp(`^1 \\d+ ${seconds}$`)),
      expect.stringMatching(new RegExp(`^1 \\d+ ${seconds}$`)),
    ]);
    setClock(seconds);
    expect([(await copy.get('/new')).text, (await visitor.get('/new')).text]).toEqual(['true', 'true']);
  });

  it.each(['/short', '/max-age'])('does not live longer by a write with an older copy: %s', async (path) => {
    const { visitor, copy } = await begun();
    await visitor.get(path);
    setClock(50);
    await copy.get('/write');
    setClock(path === '/short' ? 100 : 110);
    expect([(await copy.get('/new')).text, (await visitor.get('/new')).text]).toEqual(['true', 'true']);
  });

  it.each(['store', 'cookie'] as const)(
    'tells the request that changes it when it ends: data in the %s',
    async (data) => {
      stopClock();
      const store = new TestStore();
      const session = { store: { store, data }, maxAge: 1000 };
      const { client } = await startApp(platform, { session, controllers: [controller] });
      const visitor = client();
      await visitor.get('/begin');
      for (const [seconds, end] of [
        [99, 1000],
        [100, 1100],
      ] as const) {
        setClock(seconds);
        expect((await visitor.get('/write')).text).toBe(String(end));
        expect([...store.records.values()].map(({ expiresAt }) => expiresAt - START)).toEqual([end]);
      }
    },
  );

  it('keeps its lifetime where a parallel request changes a value, in either order', async () => {
    for (const paths of [
      ['/parallel-remember', '/parallel-write'],
      ['/parallel-write', '/parallel-remember'],
    ]) {
      const { store, visitor } = await begun();
      await Promise.all(paths.map((path) => visitor.get(path)));
      const [{ text, expiresAt } = { text: '', expiresAt: 0 }] = store.records.values();
      expect([text, expiresAt - START]).toEqual(['5000,20000 {"n":1,"m":1}', 5000]);
      setClock(2500);
      expect((await visitor.get('/read')).text).toMatch(/^1 5000 /);
    }
  });

  it.each([
    ['/parallel-max-age', '/parallel-write'],
    ['/parallel-write', '/parallel-max-age'],
    ['/parallel-max-age', '/parallel-touch'],
    ['/parallel-touch', '/parallel-max-age'],
    ['/parallel-short', '/parallel-write'],
    ['/parallel-write', '/parallel-short'],
    ['/parallel-short', '/parallel-touch'],
    ['/parallel-touch', '/parallel-short'],
  ])('does not live longer where a parallel request extends it: %s, %s', async (...paths) => {
    const { visitor, copy } = await begun();
    setClock(200);
    await Promise.all(paths.map((path) => visitor.get(path)));
    setClock(259);
    expect((await copy.get('/read')).text).toMatch(/ 260$/);
    setClock(260);
    expect([(await copy.get('/new')).text, (await visitor.get('/new')).text]).toEqual(['true', 'true']);
  });

  it.each([
    ['/parallel-remember', '/parallel-write'],
    ['/parallel-write', '/parallel-remember'],
  ])('lives as long as it was given where a parallel write extends it: %s, %s', async (...paths) => {
    const { store, visitor } = await begun();
    setClock(200);
    await Promise.all(paths.map((path) => visitor.get(path)));
    expect([...store.records.values()].map(({ expiresAt }) => expiresAt - START)).toEqual([5200]);
  });

  it.each([
    ['/parallel-touch', '/parallel-write'],
    ['/parallel-write', '/parallel-touch'],
  ])('stays extended where a parallel request changes a value: %s, %s', async (...paths) => {
    const { store, visitor } = await begun();
    // Before a tenth of the lifetime has passed: the write does not extend it.
    setClock(50);
    await Promise.all(paths.map((path) => visitor.get(path)));
    setClock(1049);
    expect((await visitor.get('/read')).text).toMatch(/^1 /);
    expect(store.data).toEqual({ n: 1, m: 1 });
  });

  it.each([
    ['/parallel-touch', '/parallel-logout'],
    ['/parallel-logout', '/parallel-touch'],
  ])('stays extended where a parallel request changes whose it is: %s, %s', async (...paths) => {
    const store = new TestStore();
    const { visitor } = await begun({ store: { store, subject: byUser } });
    await visitor.get('/login');
    setClock(50);
    await Promise.all(paths.map((path) => visitor.get(path)));
    expect([...store.records.values()].map((record) => [record.subject, record.expiresAt - START])).toEqual([
      [undefined, 1050],
    ]);
    setClock(1049);
    expect((await visitor.get('/read')).text).toMatch(/^1 /);
  });

  it.each([
    ['/save-and-take-back', 'store'],
    ['/save-and-roll-back', 'store'],
    ['/save-and-take-back', 'cookie'],
    ['/save-and-roll-back', 'cookie'],
  ] as const)(
    "has the lifetime of the others where one of its own was saved and taken back: %s, data: '%s'",
    async (path, data) => {
      const { visitor } = await begun({ store: { store: new TestStore(), data } });
      expect((await visitor.get(path)).setCookie).toEqual([]);
      setClock(500);
      expect((await visitor.get('/read')).text).toBe('1 1000 1000');
    },
  );

  it('takes the lifetime of the others again by setLifetime({}) and by regenerate()', async () => {
    for (const path of ['/usual', '/regenerate']) {
      const { store, visitor } = await begun();
      await visitor.get('/remember');
      await visitor.get(path);
      expect(store.data).toEqual({ n: 1 });
      expect((await visitor.get('/read')).text).toBe('1 1000 1000');
    }
  });
});

const UNWRITABLE: SessionSchema = {
  '~standard': { version: 1, vendor: 'hand', validate: (value) => ({ value: { ...(value as object), big: 1n } }) },
};

describeOnEachPlatform('In a store, a session that cannot be written', (platform) => {
  it('is not renewed by rolling, which is logged', async () => {
    stopClock();
    const logger = new RecordingLogger();
    const start = async (options: Partial<SessionModuleOptions>) => {
      const session = { store, maxAge: 1000, rolling: true, ...options };
      return (await startApp(platform, { session, controllers: [controller], logger })).client();
    };
    const store = new TestStore();
    const visitor = await start({});
    await visitor.get('/begin');
    const headers = { cookie: `session=${await visitor.cookie()}` };
    store.take();
    setClock(200);
    const reply = await (await start({ schema: UNWRITABLE })).get('/new', { headers });
    expect([reply.text, reply.setCookie, store.take()]).toEqual(['false', [], ['load']]);
    expect(logger.lines).toEqual([
      { level: 'warn', message: expect.stringMatching(/^Cannot renew a session cookie: .* or cannot be written\./) },
    ]);
  });
});
