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

describe('request.session calls back when it is done', () => {
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
