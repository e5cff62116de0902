// The applications under load, in a process of their own so that its heap is theirs alone; talks to run.ts by IPC.
import { Body, Controller, Get, HttpCode, type LoggerService, Module, Post, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Session, SessionModule } from 'nestjs-sessions';
import type { FromServer, Order, Stored, ToServer } from './protocol.js';

const send = (message: FromServer) => process.send?.(message);
const report = (error: unknown) =>
  send({ type: 'error', text: error instanceof Error ? String(error.stack) : String(error) });

process.on('unhandledRejection', report);
process.on('uncaughtException', report);
process.on('disconnect', () => process.exit(1));

/** Lets other requests go first: mostly for some turns of the event loop, sometimes for some milliseconds. */
async function others(): Promise<void> {
  if (Math.random() < 0.1) return delay(Math.random() * 4);
  for (let turns = Math.floor(Math.random() * 4); turns > 0; turns--) await nextTurn();
}

@Controller()
class LoadController {
  @Post('write')
  @HttpCode(200)
  async write(@Body() { user, filling }: Order, @Session() session: Session<Stored>): Promise<object> {
    await others();
    session.data.owner ??= user;
    session.data.tags ??= { list: [] };
    await others();
    session.set('count', (session.get('count') ?? 0) + 1);
    await others();
    session.set('filling', user.padEnd(filling, user));
    return session.data;
  }

  @Post('deep')
  @HttpCode(200)
  async deep(@Body() { user }: Order, @Session() session: Session<Stored>): Promise<object> {
    await others();
    const { tags } = session.data;
    await others();
    tags?.list.push(user);
    if (tags !== undefined && tags.list.length > 20) tags.list.length = 0;
    await others();
    return session.data;
  }

  @Post('read')
  @HttpCode(200)
  async read(@Session() session: Session<Stored>): Promise<object> {
    await others();
    const count = session.get('count');
    await others();
    return count === session.get('count') ? session.data : {};
  }

  @Post('destroy')
  @HttpCode(200)
  async destroy(@Session() session: Session<Stored>): Promise<object> {
    await others();
    session.destroy();
    await others();
    return session.data;
  }

  @Post('by-hand')
  async byHand(
    @Body() { user }: Order,
    @Session() session: Session<Stored>,
    @Res() response: { status(code: number): { send(body: object): void } },
  ): Promise<void> {
    await others();
    session.update({ owner: user, count: (session.get('count') ?? 0) + 1, tags: session.get('tags') ?? { list: [] } });
    await others();
    response.status(200).send({ ...session.data });
  }

  @Get('ready')
  ready(): string {
    return 'ready';
  }
}

/** What the package or Nest logs is an error of the run, but for bodies that Fastify got half of. */
const judge = (message: unknown) => {
  if (!(message instanceof Error && message.message === 'aborted')) report(message);
};
const logger: LoggerService = {
  log: nothing,
  debug: nothing,
  verbose: nothing,
  warn: judge,
  error: judge,
  fatal: judge,
};

async function start(platform: string, encrypt: boolean) {
  @Module({
    imports: [SessionModule.forRoot('a secret of thirty-two bytes: ok', { encrypt, cookieCount: 3 })],
    controllers: [LoadController],
  })
  class AppModule {}
  const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = await NestFactory.create(AppModule, adapter, { logger, forceCloseConnections: true });
  await app.listen(0, '127.0.0.1');
  return app;
}

const apps = [await start(process.argv[2] ?? '', false), await start(process.argv[2] ?? '', true)];

/** The live heap in bytes, once nobody is connected any more. */
async function liveHeap(): Promise<number> {
  for (const app of apps) app.getHttpServer().closeAllConnections();
  // What is still waiting for a timer of a request that was aborted ends meanwhile.
  for (let round = 0; round < 10; round++) {
    await delay(20);
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

process.on('message', (message: ToServer) => {
  if (message === 'measure') void liveHeap().then((bytes) => send({ type: 'heap', bytes }), report);
  if (message === 'stop') void Promise.all(apps.map((app) => app.close())).then(() => process.exit(0), report);
});

send({ type: 'listening', ports: apps.map((app) => (app.getHttpServer().address() as AddressInfo).port) });

function nothing(): void {}
