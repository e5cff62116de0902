import { expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { SessionEventHooks, SessionModuleOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { rawResponse, type RouteHandler, routes } from '../../support/routes.js';
import { TestStore, turns } from '../../support/stores.js';
import { claimsOf } from '../../support/tokens.js';

const NAMES = ['onCreate', 'onRenew', 'onDestroy', 'onSaveFailed'] as const;
const UNAVAILABLE = 'ERR_SESSION_STORE_UNAVAILABLE';

/** Answers in other ways than by what a handler returns. */
const answers: Readonly<Record<string, (response: object) => void>> = {
  'by-hand': (response) => void rawResponse(response).end('by hand'),
  // Other software that has wrapped the response meanwhile: the headers pass here before the response is held back.
  wrapped: (response) => {
    const raw = rawResponse(response);
    raw.writeHead(200);
    raw.end('wrapped');
  },
};

const changes: Readonly<Record<string, RouteHandler>> = {
  write: (session) => session.set('n', (session.get('n') ?? 0) + 1),
  touch: (session) => session.touch(),
  lifetime: (session) => (session.maxAge = 60),
  regenerate: (session) => session.regenerate({ keep: ['n'] }),
  destroy: (session) => session.destroy(),
  clear: (session) => session.clear(),
  unwritable: (session) => session.set('n', 10n),
};

const handlers: Record<string, RouteHandler> = { ...changes, read: (session) => JSON.stringify(session.data) };
for (const [name, change] of Object.entries(changes)) {
  for (const [way, answer] of Object.entries(answers)) {
    handlers[`${name}-${way}`] = (session, response, request) => {
      const raw = rawResponse(response);
      const writeHead = raw.writeHead.bind(raw) as (...args: unknown[]) => typeof raw;
      if (way === 'wrapped') raw.writeHead = (...args: unknown[]) => writeHead(...args);
      void change(session, response, request);
      answer(response);
    };
  }
}
handlers['retry'] = async (session) => {
  session.set('n', 2);
  await session.save().catch(() => undefined);
};

const handleOf = (id: string) => createHash('sha256').update(id).digest('base64url').slice(0, 16);
const WAYS = ['', ...Object.keys(answers).map((way) => `-${way}`)];
const name = 'default';
const expiresAt = new Date((START + 1000) * 1000);

describeOnEachPlatform('With a store, the events of a session', (platform) => {
  const start = async (session: Partial<SessionModuleOptions> = {}) => {
    stopClock();
    const reported: [event: string, details: object, url: string | undefined][] = [];
    const arrivals = new EventEmitter();
    const keep = (event: string) => (details: object, request: IncomingMessage) => {
      reported.push([event, details, request.url]);
      arrivals.emit('event');
    };
    const hooks = Object.fromEntries(NAMES.map((each) => [each, keep(each)])) as SessionEventHooks;
    const store = new TestStore();
    const app = await startApp(platform, {
      session: { store, maxAge: 1000, ...hooks, ...session },
      controllers: [routes(handlers)],
    });
    return { ...app, store, reported, arrivals, visitor: app.client() };
  };

  const begun = async (session: Partial<SessionModuleOptions> = {}) => {
    const started = await start(session);
    await started.visitor.get('/write');
    const cookie = (await started.visitor.cookie()) ?? '';
    started.reported.splice(0);
    return { ...started, cookie, id: claimsOf(cookie).jti };
  };

  it.each(WAYS)('tell that a session was created when it is in the store: write%s', async (way) => {
    const { store, visitor, reported } = await start();
    store.before = (command) => {
      if (command === 'create') expect(reported).toEqual([]);
      return turns(5);
    };
    await visitor.get(`/write${way}`);
    const { jti } = claimsOf((await visitor.cookie()) ?? '');
    expect(reported).toEqual([['onCreate', { name, handle: handleOf(jti), expiresAt }, `/write${way}`]]);
    await visitor.get(`/write${way}`);
    expect([reported.length, store.data]).toEqual([1, { n: 2 }]);
  });

  it.each(WAYS.flatMap((way) => ['touch', 'lifetime', 'regenerate'].map((path) => [path, way])))(
    'tell that a session was renewed: %s%s',
    async (path, way) => {
      const { visitor, reported, id } = await begun();
      await visitor.get(`/${path}${way}`);
      const { jti, exp } = claimsOf((await visitor.cookie()) ?? '');
      const reason = { touch: 'touched', lifetime: 'lifetime', regenerate: 'regenerated' }[path];
      const previous = path === 'regenerate' ? { previousHandle: handleOf(id) } : {};
      const event = { name, handle: handleOf(jti), reason, ...previous, expiresAt: new Date(exp * 1000) };
      expect(reported).toEqual([['onRenew', event, `/${path}${way}`]]);
    },
  );

  it('tell that a session was renewed by rolling, once', async () => {
    const { visitor, reported, id } = await begun({ rolling: true });
    setClock(100);
    await visitor.get('/read');
    await visitor.get('/read');
    const event = { name, handle: handleOf(id), reason: 'rolling', expiresAt: new Date((START + 1100) * 1000) };
    expect(reported).toEqual([['onRenew', event, '/read']]);
  });

  it.each(
    WAYS.flatMap((way) => [
      ['destroy', way, 'destroyed'],
      ['clear', way, 'emptied'],
    ]),
  )('tell that a session has ended in the store: %s%s', async (path, way, reason) => {
    const { store, visitor, reported, id } = await begun();
    await visitor.get(`/${path}${way}`);
    expect(reported).toEqual([['onDestroy', { name, handle: handleOf(id), reason }, `/${path}${way}`]]);
    expect(store.records.size).toBe(0);
  });

  it.each(WAYS.flatMap((way) => Object.keys(changes).map((path) => [path, way])))(
    'tell once that the change was not saved, and nothing else: %s%s',
    async (path, way) => {
      const { store, visitor, reported, id } = await begun();
      const isStores = path !== 'unwritable';
      if (isStores) store.before = (command) => (command === 'load' ? undefined : turns(5).then(broken));
      const { status, setCookie } = await visitor.get(`/${path}${way}`);
      const code = isStores ? UNAVAILABLE : 'ERR_SESSION_NOT_SERIALIZABLE';
      expect(reported).toEqual([['onSaveFailed', { name, handle: handleOf(id), code }, `/${path}${way}`]]);
      expect(setCookie).toEqual([]);
      if (isStores) expect(status).toBe(503);
    },
  );

  it.each(WAYS)('tell once that a new session was not saved: write%s', async (way) => {
    const { store, visitor, reported } = await start();
    store.before = () => turns(5).then(broken);
    expect(await visitor.get(`/write${way}`)).toMatchObject({ status: 503, setCookie: [] });
    expect(reported).toMatchObject([['onSaveFailed', { code: UNAVAILABLE }, `/write${way}`]]);
  });

  it('tell nothing of a save that failed first and succeeded then', async () => {
    const { store, visitor, reported } = await begun();
    let saves = 0;
    store.before = (command) => (command === 'save' && saves++ === 0 ? turns(1).then(broken) : undefined);
    expect((await visitor.get('/retry')).status).toBe(200);
    expect([reported, store.data]).toEqual([[], { n: 2 }]);
  });

  it.each(WAYS.flatMap((way) => ['write', 'touch'].map((path) => [path, way])))(
    'tell nothing where the session was ended by another request meanwhile: %s%s',
    async (path, way) => {
      const { store, visitor, reported } = await begun();
      setClock(500);
      store.after = async (command) => {
        if (command === 'load') await store.revoke();
      };
      expect((await visitor.get(`/${path}${way}`)).status).toBe(200);
      expect(reported).toEqual([]);
    },
  );

  it.each(WAYS)('tell that the change of a client that has gone was not saved: write%s', async (way) => {
    const { store, url, cookie, reported, arrivals } = await begun();
    const saving = new EventEmitter();
    const begins = once(saving, 'save');
    store.before = (command) => {
      if (command === 'load') return undefined;
      saving.emit('save');
      return once(saving, 'failure').then(broken);
    };
    const request = get(`${url}/write${way}`, { headers: { cookie: `session=${cookie}` }, agent: false });
    request.on('error', () => undefined);
    await begins;
    request.destroy();
    await turns(20);
    const told = once(arrivals, 'event');
    saving.emit('failure');
    await told;
    await turns(5);
    expect(reported).toMatchObject([['onSaveFailed', { code: UNAVAILABLE }, `/write${way}`]]);
  });
});

function broken(): never {
  throw new Error('The store is broken.');
}
