// One application whose sessions are in Redis, in a process of its own; talks to load.ts by IPC.
import { Body, Controller, ForbiddenException, HttpCode, type LoggerService, Module, Post, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Session, SessionModule } from 'nestjs-sessions';
import { redisStore } from 'nestjs-sessions/store';
import type { FromServer, ToServer } from '../protocol.js';
import { overwriting } from './overwriting-store.js';
import { ANSWERS, type Found, type Order, PERSON } from './protocol.js';

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

function carryOut({ end, keep = [], remove, set }: Order, session: Values): void {
  if (end === 'destroy') session.destroy();
  if (end === 'clear') session.clear();
  if (end === 'regenerate') session.regenerate({ keep });
  if (remove !== undefined) session.delete(remove);
  if (set !== undefined) session.set(...set);
}

/** Express has no body for a request that was aborted before it was read. */
@Controller()
class LoadController {
  @Post('visit')
  @HttpCode(ANSWERS.visit)
  async visit(@Body() order: Order = {}, @Session() session: Values): Promise<Found> {
    const found = { isNew: session.isNew, data: { ...session.data } };
    await others();
    carryOut(order, session);
    await others();
    return found;
  }

  @Post('redirect')
  async redirect(@Body() order: Order = {}, @Session() session: Values, @Res() response: AnyResponse): Promise<void> {
    const found = await this.visit(order, session);
    response.status(ANSWERS.redirect).header('Location', '/elsewhere').send(found);
  }

  @Post('deny')
  async deny(@Body() order: Order = {}, @Session() session: Values): Promise<never> {
    throw new ForbiddenException(await this.visit(order, session));
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
const store = mode === 'overwriting' ? overwriting(good) : good;
const subject = ({ [PERSON]: person }: Record<string, unknown>) => person as string | undefined;

@Module({
  imports: [SessionModule.forRoot('a secret of thirty-two bytes: ok', { store: { store, subject } })],
  controllers: [LoadController],
})
class AppModule {}

const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
const app = await NestFactory.create(AppModule, adapter, { logger, forceCloseConnections: true });
await app.listen(0, '127.0.0.1');

/** The live heap in bytes, once all connections are closed. */
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
