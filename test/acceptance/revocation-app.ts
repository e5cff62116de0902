// One of two applications over one store: revocation-app.ts <redis or postgres> <URL of the engine> <socket.io or ws>
import { Controller, Get, Module, type OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { WsAdapter } from '@nestjs/platform-ws';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { Redis } from 'ioredis';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Session, SessionManager, SessionModule } from 'nestjs-sessions';
import { postgresStore, redisStore } from 'nestjs-sessions/store';
import { Pool } from 'pg';
// How a store is told of a session and of its person is not public.
import { recordKey, subjectKey } from '../../lib/session/record-key.js';
import type { FromServer } from '../load/protocol.js';

const [, , engine, connection = '', sockets] = process.argv;
process.on('disconnect', () => process.exit(1));

const store =
  engine === 'postgres' ? postgresStore(new Pool({ connectionString: connection })) : redisStore(new Redis(connection));

interface Visitor {
  user?: string;
}

@Controller()
class LoginController {
  @Get('login')
  login(@Session() session: Session<Visitor>): string {
    session.set('user', 'ada');
    return 'logged in';
  }

  @Get('destroy')
  destroy(@Session() session: Session<Visitor>): string {
    session.destroy();
    return 'logged out';
  }

  @Get('deleteAllOf')
  async deleteAllOf(): Promise<string> {
    await store.deleteAllOf(subjectKey('session', 'ada'), Date.now() / 1000);
    return 'logged out everywhere';
  }
}

/** The server's end of a socket of socket.io or ws. */
interface Client {
  disconnect?(close: true): void;
  close?(code: number): void;
}

/** Closes its sockets by hand when their sessions end. */
@WebSocketGateway()
class LiveGateway implements OnModuleInit, OnGatewayConnection {
  readonly #clients = new Map<string, Client>();

  constructor(private readonly sessions: SessionManager) {}

  async onModuleInit(): Promise<void> {
    await store.subscribe?.((keys) => keys.forEach((key) => this.#close(key)));
  }

  handleConnection(client: Client, request?: IncomingMessage): void {
    this.#clients.set(recordKey('session', { id: this.sessions.open(client, request).id }), client);
  }

  #close(key: string): void {
    const client = this.#clients.get(key);
    this.#clients.delete(key);
    if (client?.disconnect === undefined) client?.close?.(4401);
    else client.disconnect(true);
  }
}

@Module({
  imports: [
    SessionModule.forRoot({
      secretKey: 'a secret of thirty-two bytes: ok',
      store: { store, subject: ({ user }: Visitor) => user },
    }),
  ],
  controllers: [LoginController],
  providers: [LiveGateway],
})
class AppModule {}

const app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: false });
if (sockets === 'ws') app.useWebSocketAdapter(new WsAdapter(app));
await app.listen(0, '127.0.0.1');
const { port } = app.getHttpServer().address() as AddressInfo;
process.send?.({ type: 'listening', ports: [port] } satisfies FromServer);
