import { expect, it } from '@jest/globals';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { EventEmitter, once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { Session, SessionManager } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { RecordingLogger } from '../../support/log.js';
import { rawResponse, routes } from '../../support/routes.js';
import { TestStore, turns } from '../../support/stores.js';
import { unhandledDuring } from '../../support/unhandled.js';
import { PATHS, PathsModule, useCounter } from './support/paths.js';

const never = () => new Promise(() => undefined);
const isWrite = (command: string) => command !== 'load';

/** A server that hangs: it holds all commands. @returns what lets it go on, with the commands that it holds */
function hang(store: TestStore): () => void {
  const server = new EventEmitter();
  const goingOn = once(server, 'go on');
  store.before = () => goingOn;
  return () => void server.emit('go on');
}

/** Answers by hand and goes on writing, whatever has become of the response. */
@Controller()
class RelentlessController {
  /** Ends when the handler has written its last. */
  static ended: Promise<unknown> = Promise.resolve();

  constructor(private readonly sessions: SessionManager) {}

  @Get('relentless')
  relentless(@Session() session: Session, @Res() response: object): void {
    const raw = rawResponse(response);
    session.set('n', 2);
    raw.write('one');
    const goOn = async () => {
      await once(raw, 'finish');
      raw.write('two');
      raw.flushHeaders();
      await new Promise<void>((resolve) => void raw.end('three', () => resolve()));
    };
    RelentlessController.ended = goOn();
  }

  /** Does not wait for the saves that it begins. */
  @Get('forgetful')
  async forgetful(@Session() session: Session, @Req() request: object): Promise<string> {
    session.set('n', 4);
    void session.save();
    void this.sessions.save(request);
    await turns(10);
    return 'answered';
  }

  @Get('caught')
  async caught(@Session() session: Session): Promise<string> {
    session.set('n', 3);
    try {
      await session.save();
      return 'saved';
    } catch (error) {
      session.rollback();
      return (error as { code: string }).code;
    }
  }
}

describeOnEachPlatform('While the store does not answer', (platform) => {
  const start = async (store: TestStore, options: { timeout?: number } = {}) => {
    const logger = new RecordingLogger();
    const { app, client, url } = await startApp(platform, {
      session: { store: { store, timeout: 0.1, ...options } },
      imports: [PathsModule],
      controllers: [RelentlessController],
      configure: useCounter,
      logger,
    });
    const visitor = client();
    await visitor.get('/text');
    store.take();
    return { app, visitor, url, logger };
  };

  it('a page that does not use its session is as ever', async () => {
    const store = new TestStore();
    const { visitor } = await start(store);
    store.before = never;
    const { status, text, headers } = await visitor.get('/unused');
    expect([status, text, headers.vary]).toEqual([200, 'unused', undefined]);
  });

  it('a save that no one waits for does not end the process, and the answer reports it', async () => {
    const store = new TestStore();
    const { visitor } = await start(store);
    store.before = (command) => (isWrite(command) ? Promise.reject(new Error('down')) : undefined);
    expect(
      await unhandledDuring(async () => {
        expect((await visitor.get('/forgetful')).status).toBe(503);
      }),
    ).toEqual([]);
  });

  it('a visitor without a cookie can read', async () => {
    const store = new TestStore();
    const { url } = await start(store);
    store.before = never;
    const response = await fetch(`${url}/read`);
    expect([response.status, await response.text(), store.take()]).toEqual([200, 'n=undefined', []]);
  });

  it('the first use of a session is a 503 that says nothing of the store', async () => {
    const store = new TestStore();
    const { visitor } = await start(store);
    store.before = never;
    const { status, text, setCookie } = await visitor.get('/read');
    expect([status, setCookie]).toEqual([503, []]);
    expect(text).not.toMatch(/store|session|answer/i);
  });

  it.each(PATHS)('nothing of the answer that could not save is sent: $path', async ({ path, method }) => {
    const store = new TestStore();
    const { visitor } = await start(store);
    store.before = (command) => (isWrite(command) ? never() : undefined);
    const { status, setCookie, text } = await visitor.send(path, { method: method ?? 'GET' });
    // The filter of /filtered answers itself.
    expect([status, setCookie]).toEqual([503, []]);
    expect(text).not.toMatch(/n=2|x{10}|gone/);
  });

  it.each(PATHS)('a store that rejects is a store that does not answer: $path', async ({ path, method }) => {
    const store = new TestStore();
    const { visitor } = await start(store);
    store.before = (command) => (isWrite(command) ? Promise.reject(new Error('secret')) : undefined);
    const { status, setCookie, text } = await visitor.send(path, { method: method ?? 'GET' });
    expect([status, setCookie, text.includes('secret')]).toEqual([503, [], false]);
  });

  it('no request waits once one has missed the deadline, whether it uses its session or not', async () => {
    const store = new TestStore();
    // Longer than the others take to arrive, on a busy machine too.
    const { visitor } = await start(store, { timeout: 3 });
    store.before = never;
    await visitor.get('/read');
    store.take();
    const paths = Array.from({ length: 50 }, (_, number) => (number % 2 === 0 ? '/read' : '/unused'));
    const replies = await Promise.all(paths.map((path) => visitor.get(path)));
    expect(replies.map(({ status }) => status)).toEqual(paths.map((path) => (path === '/read' ? 503 : 200)));
    expect(store.take()).toEqual([]);
  });

  it('it works again by itself, with its data, and the log has one line for each', async () => {
    const store = new TestStore();
    const { visitor, logger } = await start(store);
    const goOn = hang(store);
    await visitor.get('/read');
    await visitor.get('/read');
    goOn();
    expect((await visitor.get('/text')).text).toBe('n=2');
    expect(logger.lines.map(({ message }) => message)).toEqual([
      expect.stringContaining('Cannot load sessions: the store does not answer in time.'),
      expect.stringContaining('Sessions can be loaded from the store again.'),
    ]);
  });

  /** Asked again as soon as it was not answered in time. @returns when it was asked so many times more */
  const silent = async (store: TestStore) => {
    const application = await start(store, { timeout: 0.01 });
    const questions = new EventEmitter();
    store.before = () => {
      questions.emit('question');
      return never();
    };
    const asked = async (times: number) => {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      for (let time = 0; time < times; time++) await once(questions, 'question');
    };
    const isAsked = asked(3);
    expect((await application.visitor.get('/read')).status).toBe(503);
    await isAsked;
    return { ...application, asked };
  };

  it('an application that has closed asks it no more, and logs nothing', async () => {
    const [store, other] = [new TestStore(), new TestStore()];
    const { app, logger } = await silent(store);
    const { asked } = await silent(other);
    await app.close();
    store.take();
    const before = logger.lines.length;
    await asked(5);
    expect([store.take(), logger.lines.length]).toEqual([[], before]);
  });

  it('a change that could not be saved is not called late', async () => {
    const store = new TestStore();
    const { visitor, logger } = await start(store);
    store.before = (command) => (isWrite(command) ? Promise.reject(new Error('down')) : undefined);
    expect((await visitor.get('/text')).status).toBe(503);
    store.before = () => undefined;
    expect((await visitor.get('/text')).status).toBe(200);
    expect(logger.lines.map(({ message }) => message)).toEqual([
      expect.stringContaining('Cannot save sessions'),
      expect.stringContaining('Sessions can be saved'),
    ]);
  });

  it('the log names what an engine answers and nothing else', async () => {
    const store = new TestStore();
    const { visitor, logger } = await start(store);
    store.before = () => Promise.reject(new Error('OOM command not allowed: key abc'));
    await visitor.get('/read');
    store.before = () => Promise.reject(Object.assign(new Error('connect 10.0.0.1'), { code: 'ECONNREFUSED' }));
    await visitor.get('/read');
    expect(logger.lines).toEqual([{ level: 'error', message: 'Cannot load sessions: the store answers OOM.' }]);
  });

  it("unavailable: 'anonymous' gives an empty session that cannot be changed, and leaves the cookie alone", async () => {
    const store = new TestStore();
    const logger = new RecordingLogger();
    const { client } = await startApp(platform, {
      session: { store: { store, timeout: 0.1, unavailable: 'anonymous' } },
      controllers: [
        routes({
          begin: (session) => session.set('n', 1),
          look: (session) => JSON.stringify([session.isNew, session.data, Object.isFrozen(session.data)]),
          change: (session) => {
            session.set('n', 2);
          },
        }),
      ],
      logger,
    });
    const visitor = client();
    await visitor.get('/begin');
    const goOn = hang(store);
    const look = await visitor.get('/look');
    const change = await visitor.get('/change');
    expect([look.status, look.text, look.setCookie]).toEqual([200, '[true,{},true]', []]);
    expect([change.status, change.setCookie]).toEqual([503, []]);
    goOn();
    expect((await visitor.get('/look')).text).toBe('[false,{"n":1},false]');
  });

  it('a handler that goes on writing after the failure breaks nothing', async () => {
    const store = new TestStore();
    const { visitor } = await start(store);
    store.before = (command) => (isWrite(command) ? never() : undefined);
    const { status, text } = await visitor.get('/relentless');
    await RelentlessController.ended;
    expect([status, JSON.parse(text)]).toEqual([503, { message: 'Service Unavailable', statusCode: 503 }]);
  });

  it('a handler may catch the error of save() and answer by itself', async () => {
    const store = new TestStore();
    const { visitor } = await start(store);
    store.before = (command) => (isWrite(command) ? never() : undefined);
    expect((await visitor.get('/caught')).text).toBe('ERR_SESSION_STORE_UNAVAILABLE');
  });

  it('middleware gets the error where it uses the session', async () => {
    const store = new TestStore();
    const { app, url } = await startApp(platform, {
      session: { store: { store, timeout: 0.1 } },
      controllers: [routes({ begin: (session) => session.set('n', 1) })],
      configure: (each) =>
        each.use((request: { url?: string }, response: object, next: (error?: unknown) => void) => {
          if (request.url === '/begin') return next();
          try {
            each.get(SessionManager).open(request, response).get('n');
            next();
          } catch (error) {
            rawResponse(response).end((error as { code: string }).code);
          }
        }),
    });
    expect(app).toBeDefined();
    const cookie = (await fetch(`${url}/begin`)).headers.getSetCookie()[0]?.split(';')[0] ?? '';
    store.before = never;
    expect(await (await fetch(`${url}/x`, { headers: { cookie } })).text()).toBe('ERR_SESSION_STORE_UNAVAILABLE');
  });
});

/** A store whose writes wait for the test, once it is closed. */
class GatedStore extends TestStore {
  readonly #gate = new EventEmitter();
  readonly begun = once(this.#gate, 'begun');
  readonly #opened = once(this.#gate, 'open');

  close(): void {
    this.before = (command) => {
      if (command === 'load') return undefined;
      this.#gate.emit('begun');
      return this.#opened;
    };
  }

  open(): void {
    this.#gate.emit('open');
  }
}

describeOnEachPlatform('While a response is held', (platform) => {
  const start = async (store: TestStore) => {
    const { url, client } = await startApp(platform, {
      session: { store },
      imports: [PathsModule],
      configure: useCounter,
    });
    const visitor: Client = client();
    await visitor.get('/text');
    return { url, cookie: `session=${await visitor.cookie()}` };
  };

  it.each(['/res-send', '/raw-end', '/raw-flush', '/raw-pipe', '/sse', '/denied', '/nowhere'])(
    'its client may go, and the session is saved: %s',
    async (path) => {
      const store = new GatedStore();
      const { url, cookie } = await start(store);
      store.close();
      const request = get(url + path, { headers: { cookie }, agent: false });
      const failed = new Promise((resolve) => void request.on('error', () => undefined).on('close', resolve));
      await store.begun;
      request.destroy();
      await failed;
      await turns(5);
      store.open();
      await turns(20);
      expect(store.data).toEqual({ n: 2 });
    },
  );

  it('the order of requests on its connection stays', async () => {
    const store = new GatedStore();
    const { url, cookie } = await start(store);
    store.close();
    const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('latin1');
    const head = `HTTP/1.1\r\nHost: a\r\nCookie: ${cookie}\r\n`;
    socket.write(`GET /raw-end ${head}\r\nGET /unused ${head}\r\nGET /unused ${head}Connection: close\r\n\r\n`);
    await store.begun;
    await turns(20);
    store.open();
    const text = (await socket.toArray()).join('');
    expect(text.match(/^(?:n=2|unused)/gm)).toEqual(['n=2', 'unused', 'unused']);
  });
});
