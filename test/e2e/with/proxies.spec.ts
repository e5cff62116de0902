import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createProxyMiddleware, responseInterceptor } from 'http-proxy-middleware';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { SessionManager, type SessionService } from 'nestjs-sessions';
import { PLATFORMS, startApp } from '../../support/app.js';
import { signIn } from '../../support/tokens.js';
import { summaryOf } from './support/answers.js';
import type { Middleware } from './support/neighbours.js';

/** What stands behind the proxy: has cookies, and a Vary, of its own. */
function upstream(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Content-Type', 'text/plain');
  if (request.url === '/one') response.setHeader('Set-Cookie', 'theirs=1');
  if (request.url === '/two') response.setHeader('Set-Cookie', ['theirs=1; Path=/', 'theirs=2; Path=/two']);
  if (request.url === '/vary') response.setHeader('Vary', 'Accept, Cookie');
  if (request.url === '/redirect') response.writeHead(302, { Location: '/one' });
  if (request.url === '/not-modified') response.writeHead(304, { ETag: '"1"' });
  if (request.url === '/reason') response.writeHead(418, 'Short and stout');
  response.end(request.url === '/not-modified' ? undefined : 'text');
}

const ANSWERS = [
  ['/plain', 200, 'text', []],
  ['/one', 200, 'text', ['theirs=1']],
  ['/two', 200, 'text', ['theirs=1; Path=/', 'theirs=2; Path=/two']],
  ['/vary', 200, 'text', []],
  ['/redirect', 302, 'text', []],
  ['/not-modified', 304, '', []],
  ['/reason', 418, 'text', []],
] as const;

/** Asks upstream, and passes on what it says in one of the forms of writeHead(). */
const byHand =
  (headersOf: (answer: IncomingMessage) => unknown) =>
  (target: string): Middleware =>
  (request, response) => {
    const { pathname } = new URL(request.url ?? '/', target);
    httpRequest(new URL(pathname, target), { agent: false }, (answer) => {
      const writeHead = Reflect.get(response, 'writeHead') as (...args: unknown[]) => unknown;
      writeHead.call(response, answer.statusCode, answer.statusMessage, headersOf(answer));
      answer.pipe(response);
    }).end();
  };

const change = responseInterceptor((body) => Promise.resolve(body));

const PROXIES: readonly (readonly [title: string, create: (target: string) => Middleware])[] = [
  ['http-proxy-middleware', (target) => createProxyMiddleware({ target })],
  [
    'http-proxy-middleware that changes the answer',
    (target) =>
      createProxyMiddleware({
        target,
        selfHandleResponse: true,
        // It is asynchronous, and nothing that listens to an event waits for it.
        on: { proxyRes: (...args) => void change(...args) },
      }),
  ],
  [
    'http-proxy-middleware that sets a header itself',
    (target) =>
      createProxyMiddleware({
        target,
        on: { proxyRes: (_answer, _request, response) => void response.setHeader('X-Proxied', 'yes') },
      }),
  ],
  ['writeHead() with an object', byHand(({ headers }) => headers)],
  ['writeHead() with a list', byHand(({ rawHeaders }) => rawHeaders)],
];

const TOUCHES = [
  ['reads', (session: SessionService) => session.get('n'), []],
  ['writes', (session: SessionService) => session.set('n', 2), [{ n: 2 }]],
  ['destroys', (session: SessionService) => session.destroy(), ['deleted']],
] as const;

describe.each(PLATFORMS)('A proxy (%s)', (platform) => {
  let server: Server;
  let target: string;

  beforeEach(async () => {
    server = createServer(upstream);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  describe.each(PROXIES)('by %s', (_, create) => {
    it.each(TOUCHES)(
      'passes on the cookies of the other server, after a middleware that %s the session',
      async (__, touch, ours) => {
        const started = await startApp(platform, {
          configure: (app: INestApplication) => {
            // Where a header was set before, Node 20 keeps only the last of several in a list.
            if (platform === 'express') (app as NestExpressApplication).disable('x-powered-by');
            app.use((request: object, response: object, next: () => void) => {
              touch(app.get(SessionManager).open(request, response));
              next();
            });
            app.use('/proxied', create(target));
          },
        });
        for (const [path, status, text, others] of ANSWERS) {
          const visitor = started.client();
          await signIn(visitor, { n: 1 });
          const reply = await visitor.get(`/proxied${path}`);
          expect([path, reply.status, reply.text]).toEqual([path, status, text]);
          expect([path, summaryOf(reply)]).toEqual([path, { variesByCookie: 1, ours, others, odd: [], twice: [] }]);
          if (path === '/redirect') expect(reply.headers.location).toBe('/one');
        }
      },
    );
  });
});
