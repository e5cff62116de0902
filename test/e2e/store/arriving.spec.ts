import { expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InjectSession, Session, SessionManager, SessionModule, type SessionService } from 'nestjs-sessions';
import { closeAfterTest, describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { setClock, stopClock } from '../../support/clock.js';
import { RecordingLogger } from '../../support/log.js';
import { rawRequest, rawResponse, type RouteHandler, routes } from '../../support/routes.js';
import { silentStore, slowStore, TestStore } from '../../support/stores.js';
import { forge, ID, now } from '../../support/tokens.js';
import { unhandledDuring } from '../../support/unhandled.js';
import { listenerOf } from '../with/support/mounting.js';

const controller = routes({
  begin: (session) => session.set('n', 1),
  read: (session) => JSON.stringify(session.data),
  unused: () => 'unused',
});

/** Two sessions in one application. */
@Controller()
class TwoController {
  constructor(@InjectSession('other') private readonly other: SessionService) {}

  @Get('both')
  both(@Session() session: Session): string {
    session.set('n', (session.get('n') ?? 0) + 1);
    this.other.set('m', (this.other.get('m') ?? 0) + 1);
    return `${session.get('n')} ${this.other.get('m')}`;
  }
}

const byHand: RouteHandler = (session, response) => rawResponse(response).end(JSON.stringify(session.set('n', 1)));

describeOnEachPlatform('The store is asked', (platform) => {
  const tokens: readonly (readonly [string, () => string])[] = [
    ['none', () => ''],
    ['another cookie', () => 'other=1'],
    ['junk', () => 'session=junk'],
    [
      'a forged one',
      () => `session=${forge({}, { secret: OTHER_SECRET, claims: { st: 1, data: undefined } as object })}`,
    ],
    ['an expired one', () => `session=${forge({}, { claims: { exp: now() - 1, st: 1, data: undefined } as object })}`],
    [
      'one of the future',
      () => `session=${forge({}, { claims: { iat: now() + 900, st: 1, data: undefined } as object })}`,
    ],
    ['one with its data', () => `session=${forge({ n: 1 })}`],
    ['one with data and another st', () => `session=${forge({ n: 1 }, { claims: { st: 2 } as object })}`],
    [
      'one for another cookie',
      () => `session=${forge({}, { cookieName: 'other', claims: { st: 1, data: undefined } as object })}`,
    ],
  ];

  it.each(tokens)('nothing for this cookie: %s', async (_title, cookieOf) => {
    const store = new TestStore();
    const { client } = await startApp(platform, { session: { store }, controllers: [controller] });
    const { text } = await client().get('/read', { headers: { cookie: cookieOf() } });
    expect([text, store.commands]).toEqual(['{}', []]);
  });

  it.each([undefined, { n: 1 }])(
    'once for an authentic cookie, whose session may not be there: data %j',
    async (data) => {
      const store = new TestStore();
      const { client } = await startApp(platform, { session: { store }, controllers: [controller] });
      const cookie = `session=${forge({}, { claims: { st: 1, data } as object })}`;
      const { text } = await client().get('/read', { headers: { cookie } });
      expect([text, store.commands]).toEqual(['{}', ['load']]);
      // Neither the id nor anything that leads to it.
      expect(store.seen.join('')).not.toContain(ID);
    },
  );

  it('nothing for a cookie of the future, also where the future begins before the session is used', async () => {
    const store = new TestStore();
    const waiting = routes({
      wait: (session) => {
        setClock(2);
        return JSON.stringify(session.data);
      },
    });
    stopClock();
    const { client } = await startApp(platform, { session: { store }, controllers: [waiting] });
    const cookie = `session=${forge({}, { claims: { iat: now() + 61, st: 1, data: undefined } as object })}`;
    const { status, text } = await client().get('/wait', { headers: { cookie } });
    expect([status, text, store.commands]).toEqual([200, '{}', []]);
  });

  it('for no request that store.skip leaves out, and its session says what to do', async () => {
    const store = new TestStore();
    const { app, client } = await startApp(platform, {
      session: { store: { store, skip: (request) => request.url !== '/begin' } },
      controllers: [
        controller,
        routes({
          load: async (session, response, request) => {
            await app.get(SessionManager).load(rawRequest(request), response);
            return JSON.stringify(session.data);
          },
          code: (session) => {
            try {
              return session.get('n');
            } catch (error) {
              return (error as { code: string }).code;
            }
          },
        }),
      ],
    });
    const visitor = client();
    await visitor.get('/begin');
    store.take();
    expect([(await visitor.get('/unused')).text, store.take()]).toEqual(['unused', []]);
    expect((await visitor.get('/code')).text).toBe('ERR_SESSION_NOT_LOADED');
    expect([(await visitor.get('/load')).text, store.take()]).toEqual(['{"n":1}', ['load']]);
  });

  it.each(['/by-hand', '/load-by-hand'])(
    'before the answer to a request that store.skip leaves out, also where its method is looked up first: %s',
    async (path) => {
      const store = slowStore();
      const { app, client } = await startApp(platform, {
        session: { store: { store, skip: () => true } },
        controllers: [
          routes({
            'by-hand': byHand,
            'load-by-hand': async (session, response, request) => {
              await app.get(SessionManager).load(rawRequest(request), response);
              byHand(session, response, request);
            },
          }),
        ],
      });
      const { status, setCookie } = await client().get(path);
      expect([status, setCookie.length, store.data]).toEqual([200, 1, { n: 1 }]);
    },
  );

  it.each<[how: string, skip: () => unknown]>([
    [
      'threw',
      () => {
        throw new Error('down');
      },
    ],
    ['returned a promise', async () => true],
    ['returned a promise', async () => Promise.reject(new Error('down'))],
  ])('for each request where store.skip %s, and the log says so once', async (how, skip) => {
    const store = new TestStore();
    const logger = new RecordingLogger();
    const session = { store: { store, skip: skip as () => boolean } };
    const { client } = await startApp(platform, { session, controllers: [controller], logger });
    const visitor = client();
    const unhandled = await unhandledDuring(async () => {
      await visitor.get('/begin');
      expect((await visitor.get('/read')).text).toBe('{"n":1}');
    });
    expect(unhandled).toEqual([]);
    const message = `Cannot decide whether to fetch a session: the option store.skip ${how}. Let it return true or false.`;
    expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([{ level: 'error', message }]);
  });

  it('for several sessions at the same time', async () => {
    const [first, second] = [new TestStore(), new TestStore()];
    const { client } = await startApp(platform, {
      session: { store: first },
      imports: [SessionModule.forRoot({ name: 'other', cookieName: 'other', secretKey: SECRET, store: second })],
      controllers: [TwoController],
    });
    const visitor = client();
    expect((await visitor.get('/both')).text).toBe('1 1');
    let loading = 0;
    const together: number[] = [];
    for (const store of [first, second]) {
      store.before = async (command) => {
        if (command !== 'load') return;
        loading++;
        await new Promise((resolve) => setImmediate(resolve));
        together.push(loading);
      };
    }
    expect((await visitor.get('/both')).text).toBe('2 2');
    expect(together).toEqual([2, 2]);
    expect([first.data, second.data]).toEqual([{ n: 2 }, { m: 2 }]);
  });

  it('by sessions.load() where no server has announced the request, and not again after it', async () => {
    const store = new TestStore();
    const { app, client } = await startApp(platform, {
      session: { store },
      controllers: [controller],
      configure: (nest) => {
        const sessions = nest.get(SessionManager);
        const count = async (request: object, response: object, next: () => void) => {
          await sessions.load(request, response);
          const session = sessions.open(request, response);
          session.set('seen', Number(session.get('seen') ?? 0) + 1);
          next();
        };
        nest.use((...[request, response, next]: Parameters<typeof count>) => void count(request, response, next));
      },
    });
    const visitor = client();
    await visitor.get('/begin');
    const cookie = `session=${await visitor.cookie()}`;
    const mounted = createServer(await listenerOf(app));
    await once(mounted.listen(0, '127.0.0.1'), 'listening');
    closeAfterTest(async () => mounted.close());
    const { port } = mounted.address() as AddressInfo;
    const { text } = await new Client(`http://127.0.0.1:${port}`).get('/read', { headers: { cookie } });
    expect([text, store.data]).toEqual(['{"seen":2,"n":1}', { seen: 2, n: 1 }]);
  });

  it('never where the session has no store: nothing is installed', async () => {
    const { app } = await startApp(platform, { session: { store: undefined }, controllers: [controller] });
    const server = app.getHttpServer() as object;
    expect(Object.hasOwn(server, 'emit')).toBe(false);
  });

  it('and an answer that has nothing to do with it does not wait for a store that is silent', async () => {
    const { client } = await startApp(platform, { session: { store: silentStore() }, controllers: [controller] });
    expect((await client().get('/unused')).text).toBe('unused');
  });
});
