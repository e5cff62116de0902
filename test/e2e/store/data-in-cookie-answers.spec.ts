import { expect, it } from '@jest/globals';
import { type SessionEvent, SessionManager, type SessionModuleOptions, type SessionSchema } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { setClock, stopClock } from '../../support/clock.js';
import { RecordingLogger } from '../../support/log.js';
import { rawResponse, routes } from '../../support/routes.js';
import { slowStore, TestStore } from '../../support/stores.js';
import { claimsOf, DELETION } from '../../support/tokens.js';
import { PATHS, PathsModule, useCounter } from './support/paths.js';

/** All ways by which a response leaves; but no cookie holds 100 kB. */
const ANSWERS = PATHS.filter(({ path }) => path !== '/large');
/** Makes of each session one that cannot be written. */
const bigint: SessionSchema = {
  '~standard': { version: 1, vendor: 'hand', validate: (value) => ({ value: { ...(value as object), big: 1n } }) },
};

const isWrite = (command: string) => command !== 'load';

const controller = routes({
  begin: (session) => session.update({ n: 1, user: 'tom' }),
  length: (session) => String(session.get('large')).length,
  write: (session) => session.set('n', 2),
  'too-large': (session) => session.set('large', 'x'.repeat(5000)),
  nearly: (session) => session.set('large', 'x'.repeat(2800)),
  'too-large-by-hand': (session, response) => {
    session.set('large', 'x'.repeat(5000));
    rawResponse(response).end('by hand');
  },
  // Other software that has wrapped the response meanwhile: the headers pass here before the response is held back.
  'begin-wrapped': (session, response) => {
    session.set('n', 1);
    answerWrapped(response);
  },
  'write-wrapped': (session, response) => {
    session.set('n', (session.get('n') ?? 0) + 1);
    answerWrapped(response);
  },
  regenerate: (session) => session.regenerate({ keep: ['n'] }),
});

function answerWrapped(response: object): void {
  const raw = rawResponse(response);
  const writeHead = raw.writeHead.bind(raw) as (...args: unknown[]) => typeof raw;
  raw.writeHead = (...args: unknown[]) => writeHead(...args);
  raw.writeHead(200);
  raw.end('wrapped');
}

describeOnEachPlatform("With data: 'cookie', whatever the answer,", (platform) => {
  const start = async (store: TestStore, options: Partial<SessionModuleOptions> = {}) => {
    const logger = new RecordingLogger();
    const { client, app } = await startApp(platform, {
      session: { store: { store, data: 'cookie', timeout: 1 }, ...options },
      imports: [PathsModule],
      controllers: [controller],
      configure: useCounter,
      logger,
    });
    return { visitor: client(), client, app, logger };
  };

  it.each(ANSWERS)('a change is in the cookie, and the end of a session in the store: $path', async (row) => {
    const store = slowStore();
    const { visitor } = await start(store);
    await visitor.get('/text');
    store.take();
    const { status, setCookie } = await visitor.send(row.path, { method: row.method ?? 'GET' });
    expect([status, setCookie.length]).toEqual([row.status, 1]);
    if (row.isEnd === true) expect([setCookie, store.records.size]).toEqual([[DELETION], 0]);
    else expect([claimsOf((await visitor.cookie()) ?? '').data, store.take()]).toEqual([{ n: 2 }, ['load']]);
  });

  it.each(ANSWERS.filter(({ isEnd }) => isEnd !== true))(
    'no client sees a session before it has its record: $path',
    async ({ path, method, status }) => {
      const store = slowStore();
      const { visitor } = await start(store);
      expect((await visitor.send(path, { method: method ?? 'GET' })).status).toBe(status);
      expect(store.records.size).toBe(1);
      expect((await visitor.get('/read')).text).toBe('n=1');
    },
  );

  it.each(ANSWERS.filter(({ isEnd }) => isEnd !== true))(
    'nothing is sent where the store does not take the record: $path',
    async ({ path, method }) => {
      const store = new TestStore();
      const { visitor } = await start(store);
      store.before = (command) => (isWrite(command) ? Promise.reject(new Error('down')) : undefined);
      const { status, setCookie, text } = await visitor.send(path, { method: method ?? 'GET' });
      expect([status, setCookie]).toEqual([503, []]);
      expect(text).not.toMatch(/n=1|x{10}/);
    },
  );

  it('pages that do not use the session go on while the store does not answer, and others are 503', async () => {
    const store = new TestStore();
    const { visitor } = await start(store);
    await visitor.get('/text');
    store.before = () => Promise.reject(new Error('down'));
    expect((await visitor.get('/unused')).status).toBe(200);
    const { status, setCookie } = await visitor.get('/read');
    expect([status, setCookie]).toEqual([503, []]);
    store.before = () => undefined;
    expect((await visitor.get('/read')).text).toBe('n=1');
  });

  it("unavailable: 'anonymous' gives an empty session that cannot be changed, and leaves the cookie alone", async () => {
    const store = new TestStore();
    const { visitor } = await start(store, { store: { store, data: 'cookie', unavailable: 'anonymous' } });
    await visitor.get('/begin');
    store.before = () => Promise.reject(new Error('down'));
    expect((await visitor.get('/read')).text).toBe('n=undefined');
    expect(await visitor.get('/write')).toMatchObject({ status: 503, setCookie: [] });
    store.before = () => undefined;
    expect((await visitor.get('/read')).text).toBe('n=1');
  });

  it('data that no cookie holds is an error before anything is saved, and the session stays', async () => {
    const store = new TestStore();
    const { visitor, logger } = await start(store);
    expect([(await visitor.get('/too-large')).status, store.take(), store.records.size]).toEqual([500, [], 0]);
    await visitor.get('/begin');
    store.take();
    const { status, setCookie } = await visitor.get('/too-large');
    expect([status, setCookie, store.take()]).toEqual([500, [], ['load']]);
    const byHand = await visitor.get('/too-large-by-hand');
    expect([byHand.text, byHand.setCookie]).toEqual(['by hand', []]);
    expect(logger.lines.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(
        /^Cannot save the session: its cookie would have \d+ bytes, and browsers drop one above 4096/,
      ),
    );
    expect((await visitor.get('/read')).text).toBe('n=1');
  });

  it('a renewal that no cookie holds is kept back, and the session goes on', async () => {
    stopClock();
    const store = new TestStore();
    const { visitor } = await start(store);
    await visitor.get('/nearly');
    setClock(1_000_000);
    const wordy = await start(store, { rolling: true, path: `/${'p'.repeat(300)}` });
    store.take();
    const headers = { cookie: `session=${await visitor.cookie()}` };
    const { status, text, setCookie } = await wordy.visitor.get('/length', { headers });
    expect([status, text, setCookie, store.take()]).toEqual([200, '2800', [], ['load', 'touch']]);
    expect(wordy.logger.lines).toEqual([
      { level: 'warn', message: expect.stringContaining('Cannot renew a session cookie') },
    ]);
  });

  it.each(['store', 'cookie'] as const)("a renewal that cannot be written is kept back: data: '%s'", async (data) => {
    stopClock();
    const store = new TestStore();
    const { visitor } = await start(store, { store: { store, data } });
    await visitor.get('/begin');
    setClock(1_000_000);
    const broken = await start(store, { store: { store, data }, rolling: true, schema: bigint });
    store.take();
    const headers = { cookie: `session=${await visitor.cookie()}` };
    const { status, setCookie } = await broken.visitor.get('/length', { headers });
    expect([status, setCookie, store.take()]).toEqual([200, [], ['load']]);
    expect(broken.logger.lines).toMatchObject([
      { level: 'warn', message: expect.stringContaining('Cannot renew a session cookie') },
    ]);
  });

  it('what headers that pass early say is true', async () => {
    const store = slowStore();
    const { visitor } = await start(store);
    await visitor.get('/begin-wrapped');
    expect((await visitor.get('/write-wrapped')).text).toBe('wrapped');
    expect((await visitor.get('/read')).text).toBe('n=2');
    const lost = (await start(store)).visitor;
    store.before = (command) => (isWrite(command) ? Promise.reject(new Error('down')) : undefined);
    expect(await lost.get('/begin-wrapped')).toMatchObject({ status: 503, setCookie: [] });
  });

  it.each(['store', 'cookie'] as const)(
    "a session that is taken over loses nothing by headers that pass early: data: '%s'",
    async (data) => {
      const plain = await startApp(platform, { session: { store: undefined }, controllers: [controller] });
      const store = slowStore();
      const { visitor } = await start(store, { store: { store, data, adopt: true } });
      const old = plain.client();
      await old.get('/begin');
      await visitor.setCookie('session', (await old.cookie()) ?? '');
      for (const n of [2, 3]) {
        expect((await visitor.get('/write-wrapped')).text).toBe('wrapped');
        expect((await visitor.get('/read')).text).toBe(`n=${n}`);
      }
      await visitor.get('/destroy');
      await visitor.setCookie('session', (await old.cookie()) ?? '');
      expect((await visitor.get('/read')).text).toBe('n=undefined');
    },
  );

  it('the events tell what has happened to the session', async () => {
    const store = new TestStore();
    const told: [string, string | undefined][] = [];
    const tell = (name: string) => (event: SessionEvent & { reason?: string }) => void told.push([name, event.reason]);
    const { visitor } = await start(store, {
      onCreate: tell('onCreate'),
      onRenew: tell('onRenew'),
      onDestroy: tell('onDestroy'),
      onSaveFailed: tell('onSaveFailed'),
    });
    for (const path of ['/begin', '/write', '/regenerate']) await visitor.get(path);
    store.before = (command) => (command === 'delete' ? Promise.reject(new Error('down')) : undefined);
    expect((await visitor.get('/destroy')).status).toBe(503);
    store.before = () => undefined;
    await visitor.get('/destroy');
    expect(told).toEqual([
      ['onCreate', undefined],
      ['onRenew', 'regenerated'],
      ['onSaveFailed', undefined],
      ['onDestroy', 'destroyed'],
    ]);
  });

  it('seal() checks the size', async () => {
    const store = new TestStore();
    const codes: unknown[] = [];
    const { client } = await startApp(platform, {
      session: { store: { store, data: 'cookie' } },
      controllers: [controller],
      configure: (app) => {
        const sessions = app.get(SessionManager);
        app.use((request: object, response: object, next: () => void) => {
          sessions.open(request, response).set('large', 'x'.repeat(5000));
          try {
            sessions.seal(request);
          } catch (error) {
            codes.push((error as { code: unknown }).code);
          }
          sessions.open(request, response).rollback();
          next();
        });
      },
    });
    expect((await client().get('/length')).status).toBe(200);
    expect([codes, store.take()]).toEqual([['ERR_SESSION_TOO_LARGE'], []]);
  });
});
