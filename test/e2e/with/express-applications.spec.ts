import { createBullBoard } from '@bull-board/api';
import { ExpressAdapter as BullBoardAdapter } from '@bull-board/express';
import { describe, expect, it } from '@jest/globals';
import { type INestApplication, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import express from 'express';
import { SessionManager, type SessionService } from 'nestjs-sessions';
import { type Platform, PLATFORMS, startApp, type TestApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { sentClaims, signIn } from '../../support/tokens.js';
import type { Middleware } from './support/neighbours.js';

/** An alias has no types. */
const EXPRESS_4: string = 'express4';
const { default: express4 } = (await import(EXPRESS_4)) as { default: typeof express };

/** An application of Express that answers in several ways, and knows nothing of sessions. */
function dashboard(create: typeof express): express.Express {
  const app = create();
  app.get('/page', (_request, response) => void response.send('page'));
  app.get('/json', (_request, response) => void response.json({ page: true }));
  app.get('/redirect', (_request, response) => response.redirect('/elsewhere'));
  app.get('/cookie', (_request, response) => void response.cookie('theirs', '1').send('cookie'));
  app.get('/end', (_request, response) => void response.end('end'));
  app.get('/write-head', (_request, response) => void response.writeHead(200, { 'X-Own': 'yes' }).end('write-head'));
  app.get('/waits', (_request, response) => void setImmediate(() => response.send('waits')));
  app.get('/fails', () => {
    throw new Error('failed');
  });
  const nested = create();
  nested.get('/page', (_request, response) => void response.send('nested'));
  app.use('/nested', nested);
  app.use('/called', (request, response, next) => void nested(request, response, next));
  const router = create.Router();
  router.get('/page', (_request, response) => void response.send('router'));
  app.use('/router', router);
  return app;
}

const ANSWERS = [
  ['/page', 200, 'page'],
  ['/json', 200, '{"page":true}'],
  ['/redirect', 302, undefined],
  ['/cookie', 200, 'cookie'],
  ['/end', 200, 'end'],
  ['/write-head', 200, 'write-head'],
  ['/waits', 200, 'waits'],
  ['/fails', 500, undefined],
  ['/nested/page', 200, 'nested'],
  ['/called/page', 200, 'nested'],
  ['/router/page', 200, 'router'],
  ['/nowhere', 404, undefined],
] as const;

type Mount = (app: INestApplication, dashboard: Middleware) => unknown;

/** How an application of Express comes into Nest, all of them under /dashboard. */
const WAYS: readonly (readonly [title: string, mount: Mount])[] = [
  ['by use() with a path', (app, mounted) => app.use('/dashboard', mounted)],
  [
    'as a function in a middleware',
    (app, mounted) =>
      app.use('/dashboard', (request: never, response: never, next: never) => void mounted(request, response, next)),
  ],
];

/** What middleware does before the dashboard answers. */
const TOUCHES = [
  ['reads', (session: SessionService) => session.get('n'), undefined],
  ['writes', (session: SessionService) => session.set('n', 2), { n: 2 }],
] as const;

const controller = routes({ count: (session) => `n=${++session.data.n}` });

const touching =
  (app: INestApplication, touch: (typeof TOUCHES)[number][1]): Middleware =>
  (request, response, next) => {
    touch(app.get(SessionManager).open(request, response));
    next();
  };

/** Compares the answers with what they are, whatever happened to the session. */
async function check(
  app: Pick<TestApp, 'client'>,
  answers: readonly (readonly [path: string, status: number, text: string | undefined])[],
  data: unknown,
): Promise<void> {
  for (const [path, status, text] of answers) {
    const visitor = app.client();
    await signIn(visitor, { n: 1 });
    const reply = await visitor.get(`/dashboard${path}`);
    expect([path, reply.status, text === undefined ? undefined : reply.text]).toEqual([path, status, text]);
    const vary = (reply.headers.vary ?? '').split(/, ?/);
    expect([path, vary.filter((name) => name === 'Cookie')]).toEqual([path, ['Cookie']]);
    const ours = reply.setCookie.filter((line) => line.startsWith('session='));
    expect([path, ours.length]).toEqual([path, data === undefined ? 0 : 1]);
    if (data !== undefined) expect([path, sentClaims(reply).data]).toEqual([path, data]);
    expect(reply.setCookie.length - ours.length).toBe(path === '/cookie' ? 1 : 0);
  }
}

describe.each(PLATFORMS)('In Nest on %s', (platform: Platform) => {
  describe.each([
    ['Express 5', () => dashboard(express)],
    ['Express 4', () => dashboard(express4)],
  ])('an application of %s', (_, create) => {
    describe.each(TOUCHES)('after a middleware that %s the session', (__, touch, data) => {
      it.each(WAYS)('carries the session cookie (%s)', async (___, mount) => {
        const started = await startApp(platform, {
          controllers: [controller],
          configure: (app) => {
            app.use(touching(app, touch));
            mount(app, create());
          },
        });
        await check(started, ANSWERS, data);
        // And the application around it still has its own.
        const visitor = started.client();
        await signIn(visitor, { n: 1 });
        expect(sentClaims(await visitor.get('/count')).data).toEqual({ n: data === undefined ? 2 : 3 });
      });

      it('carries the session cookie (by consumer.apply())', async () => {
        const dashboards = create();
        const root = express().use('/dashboard', dashboards);
        // With a wildcard, which it needs, Fastify takes the whole path away.
        const withPath: Middleware = (request, response, next) => {
          request.url = (request as { originalUrl?: string }).originalUrl ?? '';
          root(request as never, response as never, next as never);
        };
        const mounted = platform === 'express' ? dashboards : withPath;

        @Module({ controllers: [controller] })
        class DashboardModule implements NestModule {
          constructor(private readonly sessions: SessionManager) {}

          configure(consumer: MiddlewareConsumer): void {
            const open: Middleware = (request, response, next) => {
              touch(this.sessions.open(request, response));
              next();
            };
            consumer.apply(open, mounted).forRoutes(platform === 'express' ? '/dashboard' : '/dashboard/*path');
          }
        }

        const started = await startApp(platform, { imports: [DashboardModule] });
        await check(started, ANSWERS, data);
      });
    });

    it('carries a cookie that is written where it passes a request on', async () => {
      const mounted = create();
      const started = await startApp(platform, {
        controllers: [routes({ passed: (session) => `n=${++session.data.n}` })],
        configure: (app) => {
          app.use(touching(app, (session) => session.get('n')));
          app.use((request: never, response: never, next: never) => mounted(request, response, next));
        },
      });
      const visitor = started.client();
      await signIn(visitor, { n: 1 });
      const reply = await visitor.get('/passed');
      expect([reply.status, reply.text, sentClaims(reply).data]).toEqual([200, 'n=2', { n: 2 }]);
    });

    it('may open the session itself', async () => {
      const mounted = create();
      const started = await startApp(platform, {
        configure: (app) => {
          mounted.get('/own', (request, response) => {
            app.get(SessionManager).open(request, response).set('n', 3);
            response.send('own');
          });
          app.use('/dashboard', mounted);
        },
      });
      const visitor = started.client();
      await signIn(visitor, { n: 1 });
      const reply = await visitor.get('/dashboard/own');
      expect([reply.status, reply.text, sentClaims(reply).data]).toEqual([200, 'own', { n: 3 }]);
    });
  });

  describe.each(TOUCHES)('@bull-board/express, after a middleware that %s the session', (_, touch, data) => {
    it.each(WAYS)('shows its page and its API, with the session cookie (%s)', async (__, mount) => {
      const serverAdapter = new BullBoardAdapter();
      serverAdapter.setBasePath('/dashboard');
      createBullBoard({ queues: [], serverAdapter });
      const board = serverAdapter.getRouter() as Middleware;
      const started = await startApp(platform, {
        configure: (app) => {
          app.use(touching(app, touch));
          mount(app, board);
        },
      });
      await check(
        started,
        [
          ['/', 200, undefined],
          ['/api/queues', 200, '{"queues":[]}'],
        ],
        data,
      );
      const page = await started.client().get('/dashboard/');
      expect(page.headers['content-type']).toMatch(/^text\/html/);
      expect(page.text).toContain('Bull');
    });
  });
});
