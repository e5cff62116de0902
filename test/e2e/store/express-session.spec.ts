import { describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { SessionManager } from 'nestjs-sessions';
import { startApp } from '../../support/app.js';
import { TestStore } from '../../support/stores.js';

type Callback = (error?: unknown) => void;
interface ExpressSession {
  n?: number;
  save(callback?: Callback): void;
  destroy(callback?: Callback): void;
  regenerate(callback?: Callback): void;
  reload(callback?: Callback): void;
}

/** An Express application whose paths are members of `request.session`. */
const start = async (store: TestStore) => {
  const useSession = (app: INestApplication) => {
    app.use(app.get(SessionManager).expressSession());
    app.use((request: { url: string; session: ExpressSession }, response: { end(text: string): void }) => {
      const member = request.url.slice(1);
      if (member === 'begin') {
        request.session.n = 1;
        response.end('');
        return;
      }
      if (member === 'save') request.session.n = 2;
      if (member === 'without') {
        request.session.n = 3;
        request.session.save();
        response.end('');
        return;
      }
      request.session[member as 'save']((error) => {
        const what = error === undefined ? JSON.stringify(store.data ?? null) : (error as { code: string }).code;
        response.end(`${what} ${request.session?.n}`);
      });
    });
  };
  const { client } = await startApp('express', {
    session: { store: { store, timeout: 0.1 } },
    configure: useSession,
  });
  const visitor = client();
  await visitor.get('/begin');
  store.take();
  return visitor;
};

/** Begins a session, or ends it and loads it again. */
function useEnd(app: INestApplication): void {
  app.use(app.get(SessionManager).expressSession());
  app.use((request: { url: string; session: ExpressSession }, response: { end(): void }) => {
    const { session } = request;
    if (request.url === '/begin') {
      session.n = 1;
      response.end();
    } else session.destroy(() => session.reload(() => response.end()));
  });
}

describe('request.session calls back when it is done', () => {
  it.each([
    ['save', '{"n":1}', ['created']],
    ['regenerate', 'null', []],
  ] as const)('and is after reload() what %s() has left, whose cookie is sent', async (member, saved, events) => {
    const [store, told] = [new TestStore(), new Array<string>()];
    const useSession = (app: INestApplication) => {
      app.use(app.get(SessionManager).expressSession());
      app.use((request: { session: ExpressSession }, response: { end(text: string): void }) => {
        request.session.n = 1;
        request.session[member](() =>
          request.session.reload(() => response.end(JSON.stringify([store.data ?? null, request.session.n ?? null]))),
        );
      });
    };
    const { client } = await startApp('express', {
      session: { store, onCreate: () => told.push('created') },
      configure: useSession,
    });
    const { text, setCookie } = await client().get('/');
    const n = saved === 'null' ? null : 1;
    expect([text, setCookie.length, told]).toEqual([JSON.stringify([JSON.parse(saved), n]), n ?? 0, [...events]]);
  });

  it('and tells that a session was destroyed, also after reload()', async () => {
    const reasons: string[] = [];
    const session = { store: new TestStore(), onDestroy: ({ reason }: { reason: string }) => reasons.push(reason) };
    const visitor = (await startApp('express', { session, configure: useEnd })).client();
    await visitor.get('/begin');
    expect((await visitor.get('/end')).setCookie).toEqual([expect.stringMatching(/^session=; Max-Age=0/)]);
    expect(reasons).toEqual(['destroyed']);
  });

  it.each([
    ['save', '{"n":2} 2', ['load', 'save']],
    ['destroy', 'null undefined', ['load', 'delete']],
    ['regenerate', 'null undefined', ['load', 'delete']],
    ['reload', '{"n":1} 1', ['load', 'load']],
  ])('%s', async (member, text, commands) => {
    const store = new TestStore();
    const visitor = await start(store);
    expect([(await visitor.get(`/${member}`)).text, store.take()]).toEqual([text, commands]);
  });

  it('and gets the error of the store', async () => {
    const store = new TestStore();
    const visitor = await start(store);
    store.before = (command) => (command === 'save' ? new Promise(() => undefined) : undefined);
    expect((await visitor.get('/save')).text).toBe('ERR_SESSION_STORE_UNAVAILABLE 2');
  });

  it('without a callback the response waits, and reports what has failed', async () => {
    const store = new TestStore();
    const visitor = await start(store);
    expect([(await visitor.get('/without')).status, store.data]).toEqual([200, { n: 3 }]);
    await visitor.get('/begin');
    store.before = (command) => (command === 'save' ? Promise.reject(new Error('x')) : undefined);
    expect((await visitor.get('/without')).status).toBe(503);
  });
});
