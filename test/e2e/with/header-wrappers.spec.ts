import { describe, expect, it } from '@jest/globals';
import { SessionManager } from 'nestjs-sessions';
import { type Platform, PLATFORMS, startApp } from '../../support/app.js';
import { signIn } from '../../support/tokens.js';
import { AnsweringController, ANSWERS, PAGE, plainText, summaryOf } from './support/answers.js';
import { liveReload, type Middleware, NEIGHBOURS } from './support/neighbours.js';

/** The middleware of an application, given one that reads the session. */
type Order = (neighbour: Middleware, touch: Middleware) => readonly Middleware[];

const ORDERS: readonly (readonly [title: string, order: Order])[] = [
  ['before the session is touched', (neighbour) => [neighbour]],
  ['after the session was touched', (neighbour, touch) => [touch, neighbour]],
  ['before and after the session is touched', (neighbour, touch) => [neighbour, touch, neighbour]],
];

const start = async (platform: Platform, order: Order, neighbour: Middleware) => {
  const started = await startApp(platform, {
    controllers: [AnsweringController],
    configure: (app) => {
      const sessions = app.get(SessionManager);
      const touch: Middleware = (request, response, next) => {
        sessions.open(request, response).get('n');
        next();
      };
      for (const middleware of order(neighbour, touch)) app.use(middleware);
    },
  });
  return async (path: string, init: { method?: string; headers?: Readonly<Record<string, string>> } = {}) => {
    const visitor = started.client();
    await signIn(visitor, { n: 1 });
    return visitor.send(path, init);
  };
};

describe.each(PLATFORMS)('Beside a wrapper of the response (%s)', (platform) => {
  const neighbours = NEIGHBOURS.filter(({ platforms = PLATFORMS }) => platforms.includes(platform));

  describe.each(neighbours)('$name', ({ middleware, cookies = [] }) => {
    it.each(ORDERS)('every answer is right when it wraps %s', async (_, order) => {
      const send = await start(platform, order, middleware);
      for (const { path, method = 'GET', status, text, type } of ANSWERS) {
        for (const [query, ours] of [
          ['', []],
          ['?write=1', [{ n: 2 }]],
        ] as const) {
          const reply = await send(`${path}${query}`, { method, headers: { 'accept-encoding': 'gzip' } });
          const what = `${method} ${path}${query}`;
          const sent = [what, reply.status, path === '/redirect' ? '' : plainText(reply)];
          expect(sent).toEqual([what, status, text]);
          const { others, ...summary } = summaryOf(reply);
          expect([what, summary]).toEqual([what, { variesByCookie: 1, ours, odd: [], twice: [] }]);
          expect([what, others.map((line) => line.split('=', 1)[0] ?? '').toSorted()]).toEqual([
            what,
            [...cookies, 'theirs'].toSorted(),
          ]);
          if (type !== undefined) expect([what, reply.headers['content-type']?.startsWith(type)]).toEqual([what, true]);
          if (path === '/redirect') expect([what, reply.headers.location]).toEqual([what, '/text']);
        }
      }
    });
  });

  it.each(ORDERS)('connect-livereload adds its script when it wraps %s', async (_, order) => {
    const send = await start(platform, order, liveReload);
    for (const [query, ours] of [
      ['', []],
      ['?write=1', [{ n: 2 }]],
    ] as const) {
      const reply = await send(`/page${query}`, { headers: { accept: 'text/html' } });
      expect([reply.status, reply.text.split(/<script.*?<\/script>/)]).toEqual([
        200,
        [PAGE.slice(0, PAGE.indexOf('</body>')), '</body></html>'],
      ]);
      // It has taken away the length of the page as it was.
      expect([undefined, String(reply.body.length)]).toContain(reply.headers['content-length']);
      expect(summaryOf(reply)).toEqual({ variesByCookie: 1, ours, others: ['theirs=1'], odd: [], twice: [] });
      expect(reply.headers['content-type']).toMatch(/^text\/html/);
    }
  });
});
