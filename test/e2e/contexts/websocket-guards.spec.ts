import { describe, expect, it } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { IncomingMessage } from 'node:http';
import { CsrfGuard, Session, SessionGuard, SessionManager } from 'nestjs-sessions';
import { PLATFORMS, startApp } from '../../support/app.js';
import { signIn } from '../../support/tokens.js';
import { SOCKETS } from './support/websocket-client.js';

@WebSocketGateway()
class GuardedGateway implements OnGatewayConnection {
  constructor(private readonly sessions: SessionManager) {}

  handleConnection(client: object, request?: IncomingMessage): void {
    this.sessions.open(client, request);
  }

  @UseGuards(SessionGuard('user'), CsrfGuard)
  @SubscribeMessage('guarded')
  guarded(@Session('user') user: string): object {
    return { event: 'seen', data: user };
  }
}

const cases = PLATFORMS.flatMap((platform) => SOCKETS.map((kind) => [kind.title, platform, kind] as const));

describe.each(cases)('A gateway on %s (%s)', (_title, platform, kind) => {
  const start = () => startApp(platform, { providers: [GuardedGateway], configure: (app) => kind.configure(app) });

  it("has a refusal of SessionGuard() answered by Nest's WsException", async () => {
    const socket = await kind.connect((await start()).client());
    expect(await socket.ask('guarded')).toEqual([
      'exception',
      expect.objectContaining({ status: 'error', message: 'Forbidden resource' }),
    ]);
  });

  it('passes with the key, and needs no CSRF token: the handshake was a GET', async () => {
    const client = (await start()).client();
    await signIn(client, { user: 'ada' });
    expect(await (await kind.connect(client)).ask('guarded')).toEqual(['seen', 'ada']);
  });
});
