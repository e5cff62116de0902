import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  type INestMicroservice,
  Injectable,
  UseGuards,
} from '@nestjs/common';
import { type ClientProxy, ClientProxyFactory, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { firstValueFrom } from 'rxjs';
import { SessionError, SessionManager, SessionModule } from 'nestjs-sessions';
import { describeOnEachPlatform, SECRET, startApp, suiteStore } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { noRequest } from '../../support/no-request.js';
import { signIn } from '../../support/tokens.js';

const attempts: unknown[] = [];

function attempt(act: () => unknown): void {
  try {
    attempts.push(act());
  } catch (error) {
    attempts.push(error instanceof SessionError ? { code: error.code, message: error.message } : error);
  }
}

/** Tries to read a session by its context and lets everybody in. */
@Injectable()
class OpeningGuard implements CanActivate {
  constructor(private readonly sessions: SessionManager) {}

  canActivate(context: ExecutionContext): boolean {
    attempt(() => this.sessions.open(context).get('user'));
    return true;
  }
}

const READ_ONLY = {
  code: 'ERR_SESSION_READ_ONLY',
  message:
    'Cannot set a value of the session: no response is known that could carry its cookie. ' +
    'Open it with its response, sessions.open(request, response); the handshake of a socket is answered already.',
};

describe('A microservice', () => {
  @Controller()
  class SumController {
    @UseGuards(OpeningGuard)
    @MessagePattern('sum')
    sum(@Payload() numbers: number[]): number {
      return numbers.reduce((a, b) => a + b, 0);
    }
  }

  let microservice: INestMicroservice | undefined;
  let caller: ClientProxy | undefined;

  afterEach(async () => {
    await caller?.close();
    await microservice?.close();
  });

  it('answers with the module imported, and has no session to open', async () => {
    attempts.length = 0;
    const imports = [SessionModule.forRoot(SECRET, suiteStore())];
    const module = await Test.createTestingModule({ imports, controllers: [SumController] }).compile();
    const options = { host: '127.0.0.1', port: 0 };
    microservice = module.createNestMicroservice({ transport: Transport.TCP, options, logger: false });
    await microservice.listen();
    const { port } = microservice.unwrap<Server>().address() as AddressInfo;
    caller = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
    expect(await firstValueFrom(caller.send('sum', [1, 2, 3]))).toBe(6);
    expect(attempts).toEqual([noRequest('the context is of type "rpc" and has none')]);
  });
});

@WebSocketGateway()
class EchoGateway {
  constructor(private readonly sessions: SessionManager) {}

  @UseGuards(OpeningGuard)
  @SubscribeMessage('echo')
  echo(@MessageBody() text: string): string {
    return `echo: ${text}`;
  }

  @SubscribeMessage('who')
  who(@ConnectedSocket() socket: { readonly request: IncomingMessage }): string {
    const session = this.sessions.open(socket.request);
    attempt(() => session.set('user', 'mike'));
    return `user: ${String(session.get('user'))}`;
  }
}

/** Speaks as much of Engine.IO 4 and Socket.IO 5, by polling, as one question and its answer need. */
async function ask(client: Client, event: string, text: string): Promise<string> {
  const path = '/socket.io/?EIO=4&transport=polling';
  const opened = await client.get(path);
  const { sid } = JSON.parse(opened.text.slice(1)) as { sid: string };
  const say = (body: string) => client.post(`${path}&sid=${sid}`, { body, headers: { 'content-type': 'text/plain' } });
  await say('40');
  expect((await client.get(`${path}&sid=${sid}`)).text).toMatch(/^40/);
  await say(`420${JSON.stringify([event, text])}`);
  return (await client.get(`${path}&sid=${sid}`)).text;
}

describeOnEachPlatform('A gateway', (platform) => {
  const start = async () => {
    attempts.length = 0;
    return (await startApp(platform, { providers: [EchoGateway] })).client();
  };

  it('answers with the module imported, and its context opens the session of the handshake', async () => {
    const client = await start();
    await signIn(client, { user: 'tom' });
    expect(await ask(client, 'echo', 'hello')).toBe('430["echo: hello"]');
    expect(attempts).toEqual(['tom']);
  });

  it('can read the session of its handshake, and not change it', async () => {
    const client = await start();
    await signIn(client, { user: 'tom' });
    expect(await ask(client, 'who', '')).toBe('430["user: tom"]');
    expect(attempts).toEqual([READ_ONLY]);
  });
});
