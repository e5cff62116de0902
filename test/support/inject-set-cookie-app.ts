import { Controller, Get, Module, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import inject from 'light-my-request';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { InjectSession, Session, SessionManager, SessionModule, type SessionService } from 'nestjs-sessions';
import { type AnyResponse, rawResponse } from './routes.js';

/**
 * A program that injects requests into a Fastify application, an Express application and a function, and prints in which
 * shape Set-Cookie came back: the names in a list where it is a list, the name alone where it is a string.
 */
@Controller()
class SettingController {
  constructor(@InjectSession('other') private readonly other: SessionService) {}

  @Get('read')
  read(@Session() session: Session): string {
    return String(session.get('n'));
  }

  @Get('write')
  write(@Session() session: Session): void {
    session.set('n', 1);
  }

  @Get('destroy')
  destroy(@Session() session: Session): void {
    session.destroy();
  }

  @Get('two')
  two(@Session() session: Session): void {
    session.set('n', 1);
    this.other.set('n', 1);
  }

  @Get('theirs')
  theirs(@Session() session: Session, @Res({ passthrough: true }) response: AnyResponse): void {
    session.set('n', 1);
    response.header('Set-Cookie', 'theirs=1');
  }

  @Get('only-theirs')
  onlyTheirs(@Session() session: Session, @Res({ passthrough: true }) response: AnyResponse): void {
    session.get('n');
    response.header('Set-Cookie', 'theirs=1');
  }

  @Get('end')
  end(@Session() session: Session, @Res() response: object): void {
    session.set('n', 1);
    rawResponse(response).end();
  }

  @Get('write-head')
  writeHead(@Session() session: Session, @Res() response: object): void {
    session.set('n', 1);
    rawResponse(response).writeHead(200, { 'X-Own': 'yes' }).end();
  }
}

const secretKey = 'a secret of thirty-two bytes: ok';

@Module({
  imports: [SessionModule.forRoot(secretKey), SessionModule.forRoot({ name: 'other', cookieName: 'other', secretKey })],
  controllers: [SettingController],
})
class AppModule {}

const PATHS = ['/read', '/write', '/destroy', '/two', '/theirs', '/only-theirs', '/end', '/write-head'];

const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((line: string) => line.split('=', 1)[0]);
  return typeof value === 'string' ? value.split('=', 1)[0] : (value ?? null);
};

type Injected = (options: { url: string; headers: Record<string, string> }) => Promise<{ headers: object }>;

/** @param send sends one request */
async function print(title: string, send: Injected, paths: readonly string[]): Promise<void> {
  const first = await send({ url: '/write', headers: {} });
  const cookie = String([Reflect.get(first.headers, 'set-cookie')].flat()[0]).split(';', 1)[0] ?? '';
  for (const url of paths) {
    // The session has n=1, which /write would not change.
    const headers: Record<string, string> = url === '/read' || url === '/destroy' ? { cookie } : {};
    const reply = await send({ url, headers });
    const { vary, 'set-cookie': setCookie } = reply.headers as Record<string, unknown>;
    process.stdout.write(`${JSON.stringify([title, url, shapeOf(setCookie), vary])}\n`);
  }
}

const fastify = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: false });
await fastify.init();
await print('fastify', (options) => fastify.inject(options), PATHS);

const express = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: false });
await express.init();
const listener = express.getHttpAdapter().getInstance() as RequestListener;
await print('express', (options) => inject(listener, options), PATHS);

const sessions = express.get(SessionManager);
const plain = (request: IncomingMessage, response: ServerResponse) => {
  const session = sessions.open(request, response);
  if (request.url === '/write') session.set('n', 1);
  else if (request.url === '/destroy') session.destroy();
  else session.get('n');
  response.end();
};
await print('plain', (options) => inject(plain, options), ['/read', '/write', '/destroy']);
await fastify.close();
await express.close();
