// An application whose sessions are in Redis, in a process of its own: hanging-app.ts <platform> <port of Redis>
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import type { AddressInfo } from 'node:net';
import { Session, SessionModule } from 'nestjs-sessions';
import { redisStore } from 'nestjs-sessions/store';
import type { FromServer } from '../load/protocol.js';

const [, , platform, redisPort] = process.argv;
process.on('disconnect', () => process.exit(1));

@Controller()
class PagesController {
  @Get('login')
  login(@Session() session: Session): string {
    session.set('user', 'ada');
    return 'logged in';
  }

  @Get('used')
  used(@Session('user') user?: string): string {
    return `hello ${user}`;
  }

  @Get('unused')
  unused(): string {
    return 'hello';
  }
}

// As docs/store.md has it.
const redis = new Redis({
  port: Number(redisPort),
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  commandTimeout: 1000,
  socketTimeout: 2000,
});
// The package logs an outage.
redis.on('error', () => {});
await new Promise<void>((resolve) => void redis.once('ready', resolve));

@Module({
  imports: [SessionModule.forRoot('a secret of thirty-two bytes: ok', { store: redisStore(redis) })],
  controllers: [PagesController],
})
class AppModule {}

const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
const app = await NestFactory.create(AppModule, adapter, { logger: false });
await app.listen(0, '127.0.0.1');
const { port } = app.getHttpServer().address() as AddressInfo;
process.send?.({ type: 'listening', ports: [port] } satisfies FromServer);
