import { Controller, Get, type LoggerService, Module, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Session, SessionModule } from 'nestjs-sessions';
import { rawResponse } from './routes.js';

/**
 * A program whose logger throws, on the platform that its first argument names. It sends requests to itself and prints
 * what came back, line by line, as JSON. An error that nothing catches ends it before it has printed all.
 */
const [, , platform, thrown] = process.argv;

const fail = (): never => {
  throw thrown === 'error' ? new Error('The disk is full.') : undefined;
};
const throwing: LoggerService = { log: fail, error: fail, warn: fail, debug: fail, verbose: fail, fatal: fail };

@Controller()
class LoggedController {
  @Get('read')
  read(@Session() session: Session): string {
    return `new: ${session.isNew}`;
  }

  @Get('unsaved')
  unsaved(@Session() session: Session, @Res() response: object): void {
    session.set('bad', 10n);
    rawResponse(response).end('answered');
  }

  @Get('unsaved-list')
  unsavedList(@Session() session: Session, @Res() response: object): void {
    session.set('bad', 10n);
    rawResponse(response).writeHead(200, ['X-Own', 'yes']).end('answered');
  }

  @Get('unsaved-later')
  unsavedLater(@Session() session: Session, @Res() response: object): void {
    session.get('text');
    // Here nothing of Nest is on the stack that could catch an error.
    setImmediate(() => {
      session.set('text', 'x'.repeat(5000));
      rawResponse(response).end('answered');
    });
  }

  @Get('public')
  public(@Session() session: Session, @Res() response: object): void {
    session.set('n', 1);
    const raw = rawResponse(response);
    raw.setHeader('Cache-Control', 'public, max-age=60');
    setImmediate(() => raw.end('answered'));
  }
}

@Module({
  imports: [SessionModule.forRoot('a secret of thirty-two bytes: ok')],
  controllers: [LoggedController],
})
class AppModule {}

const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
const app = await NestFactory.create(AppModule, adapter, { logger: false });
await app.listen(0, '127.0.0.1');
app.useLogger(throwing);
const { port } = app.getHttpServer().address() as AddressInfo;

const ask = (path: string, cookie: string) =>
  new Promise<string>((resolve) => {
    get({ host: '127.0.0.1', port, path, headers: { cookie }, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const names = (response.headers['set-cookie'] ?? []).map((line) => line.split('=', 1)[0]);
        resolve(JSON.stringify([path, response.statusCode, text, names]));
      });
    }).on('error', (error) => resolve(JSON.stringify([path, String(error)])));
  });

for (const [path, cookie] of [
  ['/read', 'session=junk'],
  ['/read', `session=${'A'.repeat(8)}.e30.${'A'.repeat(43)}`],
  ['/read', 'session=.; session=..; session=...'],
  ['/unsaved', ''],
  ['/unsaved-list', ''],
  ['/unsaved-later', ''],
  ['/public', ''],
  ['/read', ''],
] as const) {
  process.stdout.write(`${await ask(path, cookie)}\n`);
}
app.useLogger(false);
await app.close();
process.stdout.write('"closed"\n');
