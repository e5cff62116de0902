import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import { SessionModule } from 'nestjs-sessions';
import { starlette } from 'nestjs-sessions/interop';
import { VisitsController } from './visits.controller.js';

/** One origin for both: what is below /python goes to the Python service, everything else is answered here. */
export async function createApp(secret: string, pythonPort: number): Promise<INestApplication> {
  @Module({
    imports: [SessionModule.forRoot({ secretKey: secret, codec: starlette({ secretKey: secret }) })],
    controllers: [VisitsController],
  })
  class AppModule {}
  const app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: ['warn', 'error'] });
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (request.url?.startsWith('/python') === true) forward(request, response, pythonPort);
    else next();
  });
  return app;
}

/** Hands a request on as it is, cookies and all. */
function forward(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url: path, headers } = request;
  const onward = send({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.writeHead(502).end('The Python service does not answer.'));
  request.pipe(onward);
}
