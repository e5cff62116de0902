import { expect, it } from '@jest/globals';
import type { SessionModuleOptions, SessionRejectReason } from 'nestjs-sessions';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { rawResponse, routes, type RouteHandler } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';
import { claimsOf } from '../../support/tokens.js';

const handlers: Record<string, RouteHandler> = {
  unused: () => 'unused',
  read: (session) => JSON.stringify(session.data),
  new: (session) => String(session.isNew),
  begin: (session) => session.set('n', 1),
  write: (session) => session.set('n', (session.get('n') ?? 0) + 1),
  'by-hand': (session, response) => {
    session.set('n', (session.get('n') ?? 0) + 1);
    rawResponse(response).end('by hand');
  },
  touch: (session) => session.touch(),
  short: (session) => (session.maxAge = 60),
  regenerate: (session) => session.regenerate({ keep: ['n'] }),
  login: (session) => {
    session.regenerate();
    session.set('user', 'ada');
  },
  destroy: (session) => session.destroy(),
  clear: (session) => session.clear(),
  'write-twice': async (session) => {
    session.set('n', 2);
    await session.save();
    session.set('n', 3);
  },
  'save-and-take-back': async (session) => {
    session.set('n', 100);
    await session.save();
    session.set('n', 1);
  },
  'begin-and-take-back': async (session) => {
    session.set('n', 1);
    await session.save();
    session.clear();
  },
  'clear-save-set': async (session) => {
    session.clear();
    await session.save();
    session.set('n', 10);
  },
};

describeOnEachPlatform("With data: 'cookie'", (platform) => {
  const start = async (options: Partial<SessionModuleOptions> = {}) => {
    stopClock();
    const store = new TestStore();
    const reasons: SessionRejectReason[] = [];
    const app = await startApp(platform, {
      session: { store: { store, data: 'cookie' }, onReject: (reason) => reasons.push(reason), ...options },
      controllers: [routes(handlers)],
    });
    return { store, reasons, visitor: app.client(), client: app.client };
  };

  const begun = async (options?: Partial<SessionModuleOptions>) => {
    const started = await start(options);
    await started.visitor.get('/begin');
    started.store.take();
    const copy = await copyOf(started.visitor, started.client);
    return { ...started, copy };
  };

  it('a new session has a record without data, and its cookie holds the data', async () => {
    const { store, visitor } = await start();
    await visitor.get('/begin');
    expect(store.take()).toEqual(['create']);
    expect(claimsOf((await visitor.cookie()) ?? '')).toMatchObject({ st: 1, data: { n: 1 } });
    expect([...store.records.values()]).toEqual([
      { text: '', version: 1, createdAt: START, seenAt: START, expiresAt: START + 1_209_600 },
    ]);
  });

  it.each(['/unused', '/read', '/new', '/clear', '/destroy'])(
    'a visitor who writes nothing costs nothing: %s',
    async (path) => {
      const { store, visitor } = await start();
      const { setCookie } = await visitor.get(path);
      expect([store.take(), setCookie]).toEqual([[], []]);
    },
  );

  it.each(['/unused', '/read'])('what is not changed is looked up, and nothing is written: %s', async (path) => {
    const { store, visitor } = await begun();
    const { setCookie } = await visitor.get(path);
    expect([store.take(), setCookie]).toEqual([['load'], []]);
  });

  it.each(['/write', '/by-hand'])('a change is a cookie, and writes nothing in the store: %s', async (path) => {
    const { store, visitor } = await begun();
    expect([(await visitor.get(path)).setCookie.length, store.take()]).toEqual([1, ['load']]);
    expect((await visitor.get('/read')).text).toBe('{"n":2}');
  });

  it('the record is extended once a tenth of the lifetime has passed, and lives as long as the cookie', async () => {
    const { store, visitor } = await begun({ maxAge: 1000 });
    const ends = async () => [[...store.records.values()][0]?.expiresAt, claimsOf((await visitor.cookie()) ?? '').exp];
    setClock(99);
    await visitor.get('/write');
    expect([store.take(), await ends()]).toEqual([['load'], [START + 1000, START + 1000]]);
    setClock(100);
    await visitor.get('/write');
    expect([store.take(), await ends()]).toEqual([
      ['load', 'touch'],
      [START + 1100, START + 1100],
    ]);
    setClock(1050);
    expect((await visitor.get('/read')).text).toBe('{"n":3}');
  });

  it('touch(), and rolling where it is due, extend record and cookie', async () => {
    const { store, visitor } = await begun({ maxAge: 1000, rolling: true });
    expect([(await visitor.get('/touch')).setCookie.length, store.take()]).toEqual([1, ['load', 'touch']]);
    setClock(99);
    expect([(await visitor.get('/read')).setCookie.length, store.take()]).toEqual([0, ['load']]);
    setClock(100);
    expect([(await visitor.get('/read')).setCookie.length, store.take()]).toEqual([1, ['load', 'touch']]);
    setClock(1050);
    expect((await visitor.get('/read')).text).toBe('{"n":1}');
  });

  it('a lifetime of its own is in the record, and ends older copies of the cookie too', async () => {
    const { store, visitor, copy } = await begun();
    await visitor.get('/short');
    expect([store.take(), [...store.records.values()].map(({ text }) => text)]).toEqual([['load', 'save'], ['60 ']]);
    setClock(50);
    await copy.get('/write');
    setClock(59);
    expect((await copy.get('/read')).text).toBe('{"n":2}');
    setClock(110);
    expect([(await copy.get('/new')).text, (await visitor.get('/new')).text]).toEqual(['true', 'true']);
  });

  it.each(['/destroy', '/clear'])('%s ends every copy of the cookie at once', async (path) => {
    const { store, reasons, visitor, copy } = await begun();
    expect((await visitor.get(path)).setCookie).toEqual([expect.stringMatching(/^session=; Max-Age=0/)]);
    expect([store.take(), store.records.size]).toEqual([['load', 'delete'], 0]);
    expect([(await copy.get('/read')).text, reasons]).toEqual(['{}', ['revoked']]);
  });

  it('regenerate() creates the new session and then ends every copy of the old one', async () => {
    const { store, visitor, copy } = await begun();
    await visitor.get('/regenerate');
    expect(store.take()).toEqual(['load', 'create', 'save', 'delete']);
    expect([(await copy.get('/new')).text, (await visitor.get('/read')).text]).toEqual(['true', '{"n":1}']);
  });

  it('a session that was revoked before is a new one', async () => {
    const { store, reasons, visitor } = await begun();
    await store.revoke();
    expect([(await visitor.get('/read')).text, reasons]).toEqual(['{}', ['revoked']]);
  });

  it.each(['/write', '/by-hand', '/touch', '/short', '/regenerate'])(
    'a session that is revoked while a request runs does not come back, and the request ends well: %s',
    async (path) => {
      const { store, visitor } = await begun();
      store.after = async (command) => {
        if (command === 'load') await store.revoke();
      };
      const { status } = await visitor.get(path);
      store.after = () => undefined;
      expect([status, store.records.size, (await visitor.get('/read')).text]).toEqual([200, 0, '{}']);
    },
  );

  it('of the saves in one request the last one is in the cookie', async () => {
    const { store, visitor } = await begun();
    expect((await visitor.get('/write-twice')).setCookie).toHaveLength(1);
    expect([store.take(), (await visitor.get('/read')).text]).toEqual([['load'], '{"n":3}']);
  });

  it('what was saved and taken back is not sent', async () => {
    const { visitor } = await begun();
    expect((await visitor.get('/save-and-take-back')).setCookie).toEqual([]);
    expect((await visitor.get('/read')).text).toBe('{"n":1}');
  });

  it('a session that was begun, saved and emptied is gone', async () => {
    const { store, visitor } = await start();
    const { setCookie } = await visitor.get('/begin-and-take-back');
    expect([store.take(), store.records.size, setCookie]).toEqual([['create', 'delete'], 0, []]);
  });

  it('a session that was emptied, saved and filled again has a new id', async () => {
    const { visitor, copy } = await begun();
    await visitor.get('/clear-save-set');
    expect([(await copy.get('/new')).text, (await visitor.get('/read')).text]).toEqual(['true', '{"n":10}']);
  });

  it('a cookie of an older secret is issued anew with its data, and its record stays', async () => {
    const { store, visitor } = await begun({ secretKey: OTHER_SECRET });
    const session = { store: { store, data: 'cookie' as const }, secretKey: [SECRET, OTHER_SECRET] };
    const after = await copyOf(
      visitor,
      (await startApp(platform, { session, controllers: [routes(handlers)] })).client,
    );
    expect([(await after.get('/read')).setCookie.length, store.take()]).toEqual([1, ['load']]);
    expect((await after.get('/read')).setCookie).toEqual([]);
    expect((await after.get('/read')).text).toBe('{"n":1}');
  });

  it.each([
    { encrypt: true },
    { cookieName: 'other' },
    { expireOnBrowserClose: true },
    { cookieCount: 3 },
    { serializer: { stringify: JSON.stringify, parse: (text: string) => JSON.parse(text) as unknown } },
    { rememberVerified: false },
  ])('works with %o', async (options) => {
    const { visitor, store } = await start(options);
    await visitor.get('/begin');
    await visitor.get('/write');
    expect((await visitor.get('/read')).text).toBe('{"n":2}');
    await store.revoke();
    expect((await visitor.get('/read')).text).toBe('{}');
  });

  it('a signed cookie is taken by an instance that encrypts and accepts it, with its record', async () => {
    const { store, visitor } = await begun();
    const session = { store: { store, data: 'cookie' as const }, encrypt: true, accept: ['signed' as const] };
    const after = await copyOf(
      visitor,
      (await startApp(platform, { session, controllers: [routes(handlers)] })).client,
    );
    expect((await after.get('/read')).text).toBe('{"n":1}');
    expect(store.take()).toEqual(['load']);
    expect((await after.cookie())?.split('.')).toHaveLength(5);
    await store.revoke();
    expect([(await after.get('/read')).text, (await visitor.get('/read')).text]).toEqual(['{}', '{}']);
  });

  it('an instance without a store calls such a cookie "stored"', async () => {
    const { visitor } = await begun();
    const reasons: SessionRejectReason[] = [];
    const session = { onReject: (reason: SessionRejectReason) => reasons.push(reason), store: undefined };
    const plain = await copyOf(
      visitor,
      (await startApp(platform, { session, controllers: [routes(handlers)] })).client,
    );
    expect([(await plain.get('/read')).text, reasons]).toEqual(['{}', ['stored']]);
  });

  it('a cookie without a record is "stored", and the store is not asked', async () => {
    const { store, reasons, client } = await start();
    const plain = (
      await startApp(platform, { session: { store: undefined }, controllers: [routes(handlers)] })
    ).client();
    await plain.get('/begin');
    const copy = await copyOf(plain, client);
    expect([(await copy.get('/read')).text, reasons, store.take()]).toEqual(['{}', ['stored'], []]);
  });
});

async function copyOf(visitor: Client, client: () => Client): Promise<Client> {
  const copy = client();
  for (const name of await visitor.cookieNames()) await copy.setCookie(name, (await visitor.cookie(name)) ?? '');
  return copy;
}
