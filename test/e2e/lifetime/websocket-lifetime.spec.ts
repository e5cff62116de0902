import { describe, expect, it } from '@jest/globals';
import { type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import { SessionManager } from 'nestjs-sessions';
import { describeOnEachPlatform, PLATFORMS, startApp, type TestApp } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { signIn } from '../../support/tokens.js';
import { VisitorGateway } from '../contexts/support/websocket-app.js';
import { SOCKET_IO_POLLING, SOCKET_IO_WEBSOCKET, SOCKETS } from '../contexts/support/websocket-client.js';

const TOM = ['seen', { user: 'tom', isNew: false, keys: ['user'] }];
const NOBODY = ['seen', { isNew: true, keys: [] }];
// Within what the client of socket.io waits for a ping, by the same clock: 45 seconds.
const cases = PLATFORMS.flatMap((platform) => SOCKETS.map((kind) => [kind.title, platform, kind] as const));

describe.each(cases)('A socket that outlives its session, on %s (%s)', (_title, platform, kind) => {
  const reasons: string[] = [];

  const start = async (session: object = {}): Promise<TestApp> => {
    stopClock();
    reasons.length = 0;
    return startApp(platform, {
      session: { onReject: (reason) => reasons.push(reason), ...session },
      providers: [VisitorGateway],
      configure: (app) => kind.configure(app),
    });
  };

  it('has an empty, new session from the second on in which it ends, and says once that it expired', async () => {
    const client = (await start()).client();
    await signIn(client, { user: 'tom' }, { claims: { exp: START + 20 } });
    const socket = await kind.connect(client);
    setClock(19);
    expect(await socket.ask('look')).toEqual(TOM);
    expect(reasons).toEqual([]);
    setClock(20);
    expect(await socket.ask('look')).toEqual(NOBODY);
    expect(await socket.ask('user')).toEqual(['seen', { user: null }]);
    expect(await socket.ask('guarded')).toEqual(['failure', { code: 'Error', message: 'Forbidden resource' }]);
    expect(reasons).toEqual(['expired']);
  });

  it('is held to absoluteMaxAge as well', async () => {
    const client = (await start({ absoluteMaxAge: 10 })).client();
    await signIn(client, { user: 'tom' });
    const socket = await kind.connect(client);
    setClock(9);
    expect(await socket.ask('look')).toEqual(TOM);
    setClock(10);
    expect(await socket.ask('look')).toEqual(NOBODY);
    expect(reasons).toEqual(['expired']);
  });

  it('is not kept alive by its own activity, even where sessions are rolling', async () => {
    const client = (await start({ maxAge: 30, rolling: true })).client();
    await signIn(client, { user: 'tom' }, { claims: { exp: START + 30 } });
    const socket = await kind.connect(client);
    for (const seconds of [10, 20, 29]) {
      setClock(seconds);
      expect(await socket.ask('look')).toEqual(TOM);
    }
    setClock(30);
    expect(await socket.ask('look')).toEqual(NOBODY);
  });
});

/** As much of socket.io's server as is needed. */
interface IoServer {
  readonly engine: { use(middleware: (request: object, response: object, next: () => void) => void): void };
}

/** Opens the session in a middleware of socket.io's engine, where the handshake is still to be answered. */
@WebSocketGateway()
class EngineGateway extends VisitorGateway implements OnGatewayInit<IoServer> {
  constructor(private readonly manager: SessionManager) {
    super(manager);
  }

  afterInit(server: IoServer): void {
    server.engine.use((request, response, next) => {
      this.manager.open(request, response).has('user');
      next();
    });
  }
}

describeOnEachPlatform('A session that a middleware of the engine has opened with its response', (platform) => {
  it.each([SOCKET_IO_WEBSOCKET, SOCKET_IO_POLLING])('ends on the socket when it expires ($title)', async (kind) => {
    stopClock();
    const client = (await startApp(platform, { providers: [EngineGateway] })).client();
    await signIn(client, { user: 'tom' }, { claims: { exp: START + 20 } });
    const socket = await kind.connect(client);
    setClock(19);
    expect(await socket.ask('user')).toEqual(['seen', { user: 'tom' }]);
    setClock(20);
    expect(await socket.ask('user')).toEqual(['seen', { user: null }]);
  });
});
