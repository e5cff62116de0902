import { describe, expect, it } from '@jest/globals';
import { UseFilters } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { IncomingMessage } from 'node:http';
import { Session, SessionManager } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { noRequest } from '../../support/no-request.js';
import { signIn } from '../../support/tokens.js';
import { AnswerErrors, type AnySocket, errorOf, look, VisitorGateway, type Visitor } from './support/websocket-app.js';
import { SOCKET_IO_POLLING, SOCKET_IO_WEBSOCKET, WS } from './support/websocket-client.js';

const TOM = { user: 'tom', isNew: false, keys: ['user'] };

/** What a socket of socket.io has of its handshake. */
interface IoSocket {
  readonly request: IncomingMessage;
  readonly handshake: object;
}

@WebSocketGateway()
class HandshakeGateway {
  constructor(private readonly sessions: SessionManager) {}

  /** Reads and tries to write by what a program may take for the request. */
  @SubscribeMessage('try')
  try(@ConnectedSocket() socket: IoSocket, @MessageBody() member: keyof IoSocket): object {
    const session = this.sessions.open<Visitor>(socket[member]);
    return { event: 'tried', data: [look(session), attempt(() => session.set('user', 'x'))] };
  }
}

/** Forgets to give the request when a client connects. */
@WebSocketGateway()
@UseFilters(AnswerErrors)
class ForgetfulGateway {
  constructor(private readonly sessions: SessionManager) {}

  @SubscribeMessage('open')
  open(@ConnectedSocket() client: AnySocket): object {
    return this.sessions.open(client);
  }

  @SubscribeMessage('session')
  session(@Session() session: Session<Visitor>): object {
    return { event: 'seen', data: look(session) };
  }

  @SubscribeMessage('echo')
  echo(): object {
    return { event: 'echo', data: 'still here' };
  }
}

@WebSocketGateway({ namespace: 'chat' })
class ChatGateway extends VisitorGateway {}

@WebSocketGateway({ path: '/chat' })
class PathGateway extends VisitorGateway {}

describeOnEachPlatform('The handshake of socket.io', (platform) => {
  describe.each([SOCKET_IO_WEBSOCKET, SOCKET_IO_POLLING])('($title)', (kind) => {
    const ask = async (member: string) => {
      const client = (await startApp(platform, { providers: [HandshakeGateway] })).client();
      await signIn(client, { user: 'tom' });
      return (await kind.connect(client)).ask('try', member);
    };
    const refused = ['tried', [TOM, 'ERR_SESSION_READ_ONLY']];

    it('is for reading, opened by the request', async () => {
      expect(await ask('request')).toEqual(refused);
    });

    it('is for reading, opened by socket.handshake', async () => {
      expect(await ask('handshake')).toEqual(refused);
    });
  });

  it.each([SOCKET_IO_WEBSOCKET, SOCKET_IO_POLLING])('is that of each namespace too ($title)', async (kind) => {
    const started = await startApp(platform, { providers: [VisitorGateway, ChatGateway] });
    const visitor = started.client();
    await signIn(visitor, { user: 'tom' });
    const socket = await kind.connect(visitor, '/chat');
    expect(await socket.ask('look')).toEqual(['seen', TOM]);
    expect(started.app.get(ChatGateway).connected).toEqual([TOM]);
  });

  it('sends no cookie along', async () => {
    const client = (await startApp(platform, { providers: [VisitorGateway] })).client();
    await signIn(client, { user: 'tom' });
    const { status, setCookie } = await client.get('/socket.io/?EIO=4&transport=polling');
    expect([status, setCookie]).toEqual([200, []]);
  });
});

describeOnEachPlatform('The handshake of ws', (platform) => {
  const configure = WS.configure.bind(WS);

  it('is that of each path', async () => {
    const started = await startApp(platform, { providers: [VisitorGateway, PathGateway], configure });
    const visitor = started.client();
    await signIn(visitor, { user: 'tom' });
    expect(await (await WS.connect(visitor, '/chat')).ask('look')).toEqual(['seen', TOM]);
    expect(started.app.get(PathGateway).connected).toEqual([TOM]);
    expect(started.app.get(VisitorGateway).connected).toEqual([]);
  });

  it('is asked for where handleConnection() has not given it, and the socket stays open', async () => {
    const client = (await startApp(platform, { providers: [ForgetfulGateway], configure })).client();
    const socket = await WS.connect(client);
    expect(await socket.ask('open')).toEqual(['failure', noRequest('the argument contains none')]);
    expect(await socket.ask('session')).toEqual(['failure', noRequest('the context is of type "ws" and has none')]);
    expect(await socket.ask('echo')).toEqual(['echo', 'still here']);
  });
});

describe('A socket that has closed', () => {
  it('still has the session of its user', async () => {
    const gone: unknown[] = [];
    @WebSocketGateway()
    class LeavingGateway extends VisitorGateway {
      constructor(private readonly manager: SessionManager) {
        super(manager);
      }
      handleDisconnect(client: AnySocket): void {
        gone.push(look(this.manager.open(client)));
        this.#left();
      }
      #left = (): void => {};
      readonly left = new Promise<void>((resolve) => (this.#left = resolve));
    }
    const started = await startApp('express', { providers: [LeavingGateway], configure: WS.configure.bind(WS) });
    const visitor = started.client();
    await signIn(visitor, { user: 'tom' });
    await (await WS.connect(visitor)).close();
    await started.app.get(LeavingGateway).left;
    expect(gone).toEqual([TOM]);
  });
});

function attempt(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return errorOf(error).code;
  }
}
