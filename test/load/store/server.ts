// One application whose sessions are in Redis, in a process of its own; talks to load.ts by IPC.
import { Body, Controller, ForbiddenException, HttpCode, type LoggerService, Module, Post, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Session, SessionModule } from 'nestjs-sessions';
import { redisStore, type SessionStore } from 'nestjs-sessions/store';
import type { FromServer, ToServer } from '../protocol.js';
import type { Found, Order } from './protocol.js';

const [, , platform, redisPort, mode] = process.argv;
const send = (message: FromServer) => process.send?.(message);
const report = (error: unknown) =>
  send({ type: 'error', text: error instanceof Error ? String(error.stack) : String(error) });

process.on('unhandledRejection', report);
process.on('uncaughtException', report);
process.on('disconnect', () => process.exit(1));

/** Lets other requests go first. */
async function others(): Promise<void> {
  if (Math.random() < 0.1) return delay(Math.random() * 4);
  for (let turns = Math.floor(Math.random() * 4); turns > 0; turns--) await nextTurn();
}

type Values = Session<Record<string, string>>;

/** As much of the responses of Express and Fastify as is the same. */
interface AnyResponse {
  status(code: number): AnyResponse;
  header(name: string, value: string): AnyResponse;
  send(body: object): unknown;
}

/** Express has no body for a request that was aborted before it was read. */
@Controller()
class LoadController {
  @Post('visit')
  @HttpCode(200)
  async visit(@Body() { key, value }: Order = {}, @Session() session: Values): Promise<Found> {
    const found = { isNew: session.isNew, data: { ...session.data } };
    await others();
    if (key !== undefined && value !== undefined) session.set(key, value);
    await others();
    return found;
  }

  @Post('redirect')
  async redirect(@Body() order: Order = {}, @Session() session: Values, @Res() response: AnyResponse): Promise<void> {
    const found = await this.visit(order, session);
    response.status(302).header('Location', '/elsewhere').send(found);
  }

  @Post('deny')
  async deny(@Body() order: Order = {}, @Session() session: Values): Promise<never> {
    throw new ForbiddenException(await this.visit(order, session));
  }

  @Post('destroy')
  @HttpCode(200)
  async destroy(@Session() session: Values): Promise<Found> {
    const found = { isNew: session.isNew, data: { ...session.data } };
    await others();
    session.destroy();
    return found;
  }
}

/** An outage of the store is part of the run, and Fastify logs bodies that it got half of: all else is an error. */
const judge = (message: unknown) => {
  if (/^(Cannot (load|save) sessions|Sessions can be)/.test(String(message))) return;
  const { code, message: text } = (message ?? {}) as { code?: unknown; message?: unknown };
  if (code !== 'ERR_SESSION_STORE_UNAVAILABLE' && text !== 'aborted') report(message);
};
const logger: LoggerService = { log() {}, debug() {}, verbose() {}, warn: judge, error: judge, fatal: judge };

const redis = new Redis({
  port: Number(redisPort),
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  retryStrategy: () => 50,
});
// The package logs an outage.
redis.on('error', () => {});
await new Promise<void>((resolve) => void redis.once('ready', resolve));

const good = redisStore(redis);
const store: SessionStore = mode === 'overwriting' ? overwriting(good) : good;

@Module({
  imports: [SessionModule.forRoot('a secret of thirty-two bytes: ok', { store })],
  controllers: [LoadController],
})
class AppModule {}

const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
const app = await NestFactory.create(AppModule, adapter, { logger, forceCloseConnections: true });
await app.listen(0, '127.0.0.1');

/** The live heap in bytes, once nobody is connected any more. */
async function liveHeap(): Promise<number> {
  app.getHttpServer().closeAllConnections();
  for (let round = 0; round < 10; round++) {
    await delay(20);
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

process.on('message', (message: ToServer) => {
  if (message === 'measure') void liveHeap().then((bytes) => send({ type: 'heap', bytes }), report);
  if (message === 'stop') void app.close().then(() => process.exit(0), report);
});

send({ type: 'listening', ports: [(app.getHttpServer().address() as AddressInfo).port] });

/** For the counter-test: saves as most stores do, whatever is there or not. */
function overwriting(inner: SessionStore): SessionStore {
  return {
    load: async (key) => inner.load(key),
    create: async (key, session, since) => inner.create(key, session, since),
    save: async (key, session) => {
      await inner.create(key, { ...session, version: session.version + 1 }, Infinity);
      return 'saved';
    },
    touch: async (key, seenAt, expiresAt) => inner.touch(key, seenAt, expiresAt),
    delete: async (key) => inner.delete(key),
    listOf: async (subject) => inner.listOf(subject),
    deleteAllOf: async (subject, before, except) => inner.deleteAllOf(subject, before, except),
  };
}
