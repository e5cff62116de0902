import { afterEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SessionManager, type SessionService } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { routes } from '../../support/routes.js';
import { slowStore } from '../../support/stores.js';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const count = ({ data }: SessionService) => (data['n'] = Number(data['n'] ?? 0) + 1);
const controller = routes({ write: (session) => `n=${count(session)}` });

describeOnEachPlatform('Behind a server that Nest does not know', (platform) => {
  const start = async () => {
    const store = slowStore();
    const { app } = await startApp(platform, { session: { store }, controllers: [controller] });
    const instance = app.getHttpAdapter().getInstance() as RequestListener & { routing: RequestListener };
    const nest = platform === 'fastify' ? instance.routing : instance;
    const sessions = app.get(SessionManager);
    const outer: RequestListener = (request, response) => {
      // The method is looked up before the session is used.
      if (request.url === '/new') {
        const session = sessions.open(request, response);
        response.end(`n=${count(session)}`);
      } else if (request.url === '/loaded') {
        void sessions.load(request, response).then(() => response.end(`n=${count(sessions.open(request))}`));
      } else nest(request, response);
    };
    const server = createServer(outer).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return { store, visitor: new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) };
  };

  it('the sessions of the application are saved before the answer leaves', async () => {
    const { store, visitor } = await start();
    expect([(await visitor.get('/write')).text, (await visitor.get('/write')).text, store.data]).toEqual([
      'n=1',
      'n=2',
      { n: 2 },
    ]);
  });

  it('a session that is opened before the application sees the request is saved before the answer leaves', async () => {
    const { store, visitor } = await start();
    const { text, setCookie } = await visitor.get('/new');
    expect([text, setCookie.length, store.data]).toEqual(['n=1', 1, { n: 1 }]);
  });

  it('so is one that is loaded there', async () => {
    const { store, visitor } = await start();
    await visitor.get('/write');
    expect([(await visitor.get('/loaded')).text, store.data]).toEqual(['n=2', { n: 2 }]);
  });
});
