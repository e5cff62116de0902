import { expect, it } from '@jest/globals';
import {
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  type NestInterceptor,
  Query,
  UseInterceptors,
} from '@nestjs/common';
import { concatMap, type Observable } from 'rxjs';
import { Session, SessionManager, type SessionModuleOptions, type SessionRejectReason } from 'nestjs-sessions';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../../support/app.js';
import { setClock, stopClock } from '../../support/clock.js';
import { rawResponse, type RouteHandler, routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';
import { claimsOf } from '../../support/tokens.js';

const handlers: Record<string, RouteHandler> = {
  unused: () => 'unused',
  read: (session) => JSON.stringify(session.data),
  new: (session) => String(session.isNew),
  id: (session) => session.id,
  touch: (session) => session.touch(),
  'touch-and-change': (session) => {
    session.touch();
    session.set('n', 2);
  },
  'save-and-touch': async (session) => {
    session.set('n', 2);
    await session.save();
    session.touch();
  },
  begin: (session) => session.set('n', 1),
  write: (session) => session.set('n', (session.get('n') ?? 0) + 1),
  nested: (session) => void (session.data.list ??= []).push(1),
  same: (session) => session.set('n', session.get('n')),
  remove: (session) => void session.delete('n'),
  clear: (session) => session.clear(),
  regenerate: (session) => session.regenerate({ keep: ['n'] }),
  'save-regenerate': async (session) => {
    session.set('n', 2);
    await session.save();
    session.regenerate({ keep: ['n'] });
  },
  'regenerate-save-rollback': async (session) => {
    session.regenerate();
    session.set('user', 'ada');
    await session.save();
    session.rollback();
  },
  login: (session) => {
    session.regenerate();
    session.set('user', 'ada');
  },
  destroy: (session) => session.destroy(),
  'destroy-and-begin': (session) => {
    session.destroy();
    session.set('n', 10);
  },
  'clear-save-set': async (session) => {
    session.clear();
    await session.save();
    session.set('n', 10);
  },
  'save-and-take-back': async (session) => {
    const n: unknown = session.get('n');
    session.set('n', 100);
    await session.save();
    session.set('n', n);
  },
  'begin-and-take-back': async (session) => {
    session.set('n', 1);
    await session.save();
    session.clear();
  },
  rollback: (session) => {
    session.set('n', 100);
    session.rollback();
  },
  short: (session) => {
    session.maxAge = 60;
  },
  'by-hand': (session, response) => {
    session.set('n', (session.get('n') ?? 0) + 1);
    rawResponse(response).end('by hand');
  },
};

@Injectable()
class OuterInterceptor implements NestInterceptor {
  constructor(private readonly sessions: SessionManager) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const session = this.sessions.open<{ outer: number }>(context);
    return next.handle().pipe(
      concatMap(async (value: unknown) => {
        await this.sessions.save(context);
        session.set('outer', (session.get('outer') ?? 0) + 1);
        return value;
      }),
    );
  }
}

/** Requests that wait for each other, so that they are parallel for certain. */
const waiting = { count: 0, resolve: [] as (() => void)[] };

@Controller()
class ParallelController {
  @Get('set')
  async set(@Session() session: Session, @Query() { key, together }: { key: string; together: string }) {
    session.get(key);
    if (++waiting.count === Number(together)) for (const resolve of waiting.resolve.splice(0)) resolve();
    else await new Promise<void>((resolve) => void waiting.resolve.push(resolve));
    if (key.startsWith('-')) session.delete(key.slice(1));
    else session.set(key, (session.get(key) ?? 0) + 1);
  }

  @Get('outer')
  @UseInterceptors(OuterInterceptor)
  outer(@Session() session: Session): void {
    session.set('n', (session.get('n') ?? 0) + 1);
  }
}

describeOnEachPlatform('With a store', (platform) => {
  const start = async (options: Partial<SessionModuleOptions> = {}, timeout = 1) => {
    stopClock();
    const store = new TestStore();
    const app = await startApp(platform, {
      session: { store: { store, timeout }, ...options },
      controllers: [routes(handlers), ParallelController],
    });
    const visitor = app.client();
    return { store, visitor, ...app };
  };

  const begun = async (options?: Partial<SessionModuleOptions>, timeout?: number) => {
    const started = await start(options, timeout);
    await started.visitor.get('/begin');
    started.store.take();
    return { ...started, cookie: (await started.visitor.cookie()) ?? '' };
  };

  it('a new session is created, and its cookie holds id and times only', async () => {
    const { store, visitor } = await start();
    const { setCookie } = await visitor.get('/begin');
    expect([store.take(), setCookie.length]).toEqual([['create'], 1]);
    const { jti, iat, exp, ...rest } = claimsOf((await visitor.cookie()) ?? '') as unknown as Record<string, unknown>;
    expect(rest).toEqual({ st: 1 });
    expect([typeof jti, typeof iat, typeof exp]).toEqual(['string', 'number', 'number']);
    expect(store.data).toEqual({ n: 1 });
  });

  it.each(['/unused', '/read', '/new', '/clear', '/destroy'])(
    'a visitor who writes nothing costs nothing: %s',
    async (path) => {
      const { store, visitor } = await start();
      const { setCookie } = await visitor.get(path);
      expect([store.take(), setCookie]).toEqual([[], []]);
    },
  );

  it.each([
    ['/unused', undefined],
    ['/read', 'Cookie'],
    ['/same', 'Cookie'],
    ['/rollback', 'Cookie'],
  ])('what is not changed is loaded and not written: %s', async (path, vary) => {
    const { store, visitor } = await begun();
    const { setCookie, headers } = await visitor.get(path);
    expect([store.take(), setCookie, headers.vary]).toEqual([['load'], [], vary]);
  });

  it.each(['/write', '/nested', '/by-hand'])('a change is saved once, without a new cookie: %s', async (path) => {
    const { store, visitor } = await begun();
    const { setCookie } = await visitor.get(path);
    expect([store.take(), setCookie]).toEqual([['load', 'save'], []]);
    expect(await visitor.get('/read')).toMatchObject({ text: JSON.stringify(store.data) });
  });

  it('a change extends the session once a tenth of its lifetime has passed', async () => {
    const { store, visitor } = await begun({ maxAge: 1000 });
    const endOf = () => [...store.records.values()][0]?.expiresAt;
    const end = endOf() ?? 0;
    setClock(99);
    expect((await visitor.get('/write')).setCookie).toEqual([]);
    expect(endOf()).toBe(end);
    setClock(100);
    expect((await visitor.get('/write')).setCookie).toHaveLength(1);
    expect([endOf(), claimsOf((await visitor.cookie()) ?? '').exp]).toEqual([end + 100, end + 100]);
  });

  it('reading touches the record where rolling is due, and not before', async () => {
    const { store, visitor } = await begun({ maxAge: 1000, rolling: true });
    setClock(99);
    expect([(await visitor.get('/read')).setCookie.length, store.take()]).toEqual([0, ['load']]);
    setClock(100);
    expect([(await visitor.get('/read')).setCookie.length, store.take()]).toEqual([1, ['load', 'touch']]);
    setClock(1050);
    expect((await visitor.get('/read')).text).toBe('{"n":1}');
  });

  it('touch() touches the record and sends a fresh cookie', async () => {
    const { store, visitor } = await begun();
    setClock(5);
    const { setCookie } = await visitor.get('/touch');
    expect([setCookie.length, store.take()]).toEqual([1, ['load', 'touch']]);
  });

  it.each([
    ['changes it as well', '/touch-and-change', ['load', 'save']],
    ['has saved a change before', '/save-and-touch', ['load', 'save', 'touch']],
  ])('touch() extends the session in record and cookie where the request %s', async (_, path, commands) => {
    const { store, visitor } = await begun({ maxAge: 1000 });
    setClock(5);
    await visitor.get(path);
    expect(store.take()).toEqual(commands);
    setClock(1004);
    expect((await visitor.get('/read')).text).toBe('{"n":2}');
  });

  it('what an outer interceptor changes after a save is saved as well, on one chain of versions', async () => {
    const { store, visitor } = await begun();
    await visitor.get('/outer');
    expect(store.take()).toEqual(['load', 'save', 'save']);
    expect([store.data, [...store.records.values()][0]?.version]).toEqual([{ n: 2, outer: 1 }, 3]);
  });

  it('what was saved and taken back is saved as it was', async () => {
    const { store, visitor } = await begun();
    await visitor.get('/save-and-take-back');
    expect([store.take(), store.data]).toEqual([['load', 'save', 'save'], { n: 1 }]);
  });

  it('a session that was begun, saved and emptied is gone', async () => {
    const { store, visitor } = await start();
    const { setCookie } = await visitor.get('/begin-and-take-back');
    expect([store.take(), store.data, setCookie]).toEqual([['create', 'delete'], undefined, []]);
  });

  it('a session that was emptied, saved and filled again has a new id', async () => {
    const { store, visitor, client, cookie } = await begun();
    await visitor.get('/clear-save-set');
    expect([store.take(), store.data]).toEqual([['load', 'save', 'delete', 'create'], { n: 10 }]);
    const copy = client();
    await copy.setCookie('session', cookie);
    expect((await copy.get('/new')).text).toBe('true');
    expect((await visitor.get('/read')).text).toBe('{"n":10}');
  });

  it('an impossible attribute of the request is an error before anything is saved', async () => {
    const { store, visitor } = await start({ domain: () => 'no domain' });
    const { status, setCookie } = await visitor.get('/begin');
    expect([status, setCookie, store.take()]).toEqual([500, [], []]);
  });

  it('parallel requests keep each other’s keys', async () => {
    // Twenty writers, one after the other: more than a second on a busy machine.
    const { store, visitor } = await begun({}, 30);
    waiting.count = 0;
    const keys = Array.from({ length: 20 }, (_, index) => `key${index}`);
    await Promise.all(keys.map((key) => visitor.get(`/set?key=${key}&together=20`)));
    expect(store.data).toEqual({ n: 1, ...Object.fromEntries(keys.map((key) => [key, 1])) });
  });

  it('of parallel requests one deletes a key and one sets another', async () => {
    const { store, visitor } = await begun();
    await visitor.get('/nested');
    waiting.count = 0;
    await Promise.all(['-n', 'm'].map((key) => visitor.get(`/set?key=${key}&together=2`)));
    expect(store.data).toEqual({ list: [1], m: 1 });
  });

  it('of parallel requests with one key the last one wins', async () => {
    const { store, visitor } = await begun();
    waiting.count = 0;
    await Promise.all(['n', 'n'].map((key) => visitor.get(`/set?key=${key}&together=2`)));
    expect(store.data).toEqual({ n: 2 });
  });

  it('regenerate() creates the new session and then deletes the old one', async () => {
    const { store, visitor, client, cookie } = await begun();
    await visitor.get('/regenerate');
    expect([store.take(), store.data]).toEqual([['load', 'create', 'save', 'delete'], { n: 1 }]);
    const copy = client();
    await copy.setCookie('session', cookie);
    expect((await copy.get('/new')).text).toBe('true');
    expect((await visitor.get('/new')).text).toBe('false');
  });

  it.each(['/regenerate', '/save-regenerate'])(
    'a session that was ended meanwhile does not come back by %s',
    async (path) => {
      const { store, visitor } = await begun();
      let isEnded = false;
      store.before = (command) => {
        if (isEnded || command === 'load') return undefined;
        isEnded = true;
        return store.revoke();
      };
      const { status, setCookie } = await visitor.get(path);
      expect([isEnded, status, setCookie, store.records.size]).toEqual([true, 200, [], 0]);
      expect((await visitor.get('/new')).text).toBe('true');
    },
  );

  it('what is rolled back after a save that has ended its session goes on under a fresh id', async () => {
    const { store, visitor } = await begun();
    expect((await visitor.get('/regenerate-save-rollback')).setCookie).toHaveLength(1);
    expect([store.records.size, store.data, (await visitor.get('/read')).text]).toEqual([1, { n: 1 }, '{"n":1}']);
  });

  it('a log-in that keeps nothing of a session that was ended meanwhile is saved', async () => {
    const { store, visitor } = await begun();
    store.before = (command) => (command === 'create' ? store.revoke() : undefined);
    await visitor.get('/login');
    expect([store.take(), store.data]).toEqual([['load', 'create', 'delete'], { user: 'ada' }]);
    expect((await visitor.get('/read')).text).toBe('{"user":"ada"}');
  });

  it.each([
    ['/destroy', ['load', 'delete']],
    ['/clear', ['load', 'save', 'delete']],
    ['/remove', ['load', 'save', 'delete']],
  ])('%s ends every copy of the cookie at once', async (path, commands) => {
    const { store, visitor, client, cookie } = await begun();
    const { setCookie } = await visitor.get(path);
    expect([store.take(), store.records.size]).toEqual([commands, 0]);
    expect(setCookie).toEqual([expect.stringMatching(/^session=; Max-Age=0/)]);
    const copy = client();
    await copy.setCookie('session', cookie);
    expect((await copy.get('/new')).text).toBe('true');
  });

  it('what is set after destroy() begins a new session', async () => {
    const { store, visitor } = await begun();
    const before = claimsOf((await visitor.cookie()) ?? '').jti;
    await visitor.get('/destroy-and-begin');
    expect([store.take(), store.data]).toEqual([['load', 'create', 'delete'], { n: 10 }]);
    expect(claimsOf((await visitor.cookie()) ?? '').jti).not.toBe(before);
  });

  it.each(['/write', '/by-hand', '/touch'])(
    'a session that is revoked while a request runs does not come back, and the request ends well: %s',
    async (path) => {
      const { store, visitor } = await begun();
      store.after = async (command) => {
        if (command === 'load') await store.revoke();
      };
      const { status, setCookie } = await visitor.get(path);
      expect([status, setCookie, store.records.size]).toEqual([200, [], 0]);
      store.after = () => undefined;
      expect((await visitor.get('/new')).text).toBe('true');
    },
  );

  it('a session that was revoked before is a new one, and onReject is told why', async () => {
    const reasons: SessionRejectReason[] = [];
    const { store, visitor } = await begun({ onReject: (reason) => reasons.push(reason) });
    await store.revoke();
    expect([(await visitor.get('/new')).text, reasons]).toEqual(['true', ['revoked']]);
  });

  it('of several cookies the first may be revoked: the next one is the session', async () => {
    const { store, visitor, client, cookie } = await begun();
    const other = client();
    await other.get('/begin');
    await other.get('/write');
    const theirs = (await other.cookie()) ?? '';
    await visitor.get('/destroy');
    store.take();
    const both = client();
    const { text } = await both.get('/read', { headers: { cookie: `session=${cookie}; session=${theirs}` } });
    expect([text, store.take()]).toEqual(['{"n":2}', ['load', 'load']]);
  });

  it('a shorter life of its own ends older copies of the cookie too', async () => {
    const { visitor, client, cookie } = await begun();
    await visitor.get('/short');
    const copy = client();
    await copy.setCookie('session', cookie);
    setClock(59);
    expect((await copy.get('/new')).text).toBe('false');
    setClock(60);
    expect((await copy.get('/new')).text).toBe('true');
  });

  it('a cookie of an older secret is issued anew, and its record stays', async () => {
    const store = new TestStore();
    const controllers = [routes(handlers)];
    const before = await startApp(platform, { session: { store, secretKey: OTHER_SECRET }, controllers });
    const after = await startApp(platform, { session: { store, secretKey: [SECRET, OTHER_SECRET] }, controllers });
    const [old, visitor] = [before.client(), after.client()];
    await old.get('/begin');
    store.take();
    await visitor.setCookie('session', (await old.cookie()) ?? '');
    const { text, setCookie } = await visitor.get('/read');
    expect([text, setCookie.length, store.take()]).toEqual(['{"n":1}', 1, ['load']]);
    expect((await visitor.get('/write')).setCookie).toEqual([]);
    expect(store.data).toEqual({ n: 2 });
  });

  it.each([{ encrypt: true }, { cookieName: 'other' }, { expireOnBrowserClose: true }])(
    'works with %o',
    async (options) => {
      const { visitor } = await start(options);
      await visitor.get('/begin');
      await visitor.get('/write');
      expect((await visitor.get('/read')).text).toBe('{"n":2}');
    },
  );

  it('an instance without a store calls such a cookie "stored", and one with a store an older cookie', async () => {
    const reasons: SessionRejectReason[] = [];
    const onReject = (reason: SessionRejectReason) => reasons.push(reason);
    const { cookie, store } = await begun();
    const plain = (await startApp(platform, { session: { onReject }, controllers: [routes(handlers)] })).client();
    await plain.setCookie('session', cookie);
    expect((await plain.get('/new')).text).toBe('true');
    await plain.get('/begin');
    const stored = (
      await startApp(platform, { session: { onReject, store }, controllers: [routes(handlers)] })
    ).client();
    await stored.setCookie('session', (await plain.cookie()) ?? '');
    expect((await stored.get('/new')).text).toBe('true');
    expect(reasons).toEqual(['stored', 'stored', 'stored']);
  });
});
