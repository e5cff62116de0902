import { expect, it } from '@jest/globals';
import { type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import { SessionManager } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { signIn } from '../../support/tokens.js';
import { VisitorGateway } from './support/websocket-app.js';
import { SOCKET_IO_POLLING, SOCKET_IO_WEBSOCKET } from './support/websocket-client.js';

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
