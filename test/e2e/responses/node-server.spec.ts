import { describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { once } from 'node:events';
import { createServer, type IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { SessionManager, SessionModule } from 'nestjs-sessions';
import { closeAfterTest, SECRET, suiteStore } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { sentClaims, signIn } from '../../support/tokens.js';

@Module({ imports: [SessionModule.forRoot(SECRET, suiteStore())] })
class AppModule {}

/** A server that makes responses of its own kind, as frameworks and agents do. */
class OwnResponse extends ServerResponse {
  override writeHead(...args: unknown[]): this {
    this.setHeader('X-Class', 'own');
    return Reflect.apply(Reflect.get(ServerResponse.prototype, 'writeHead') as () => this, this, args);
  }
}

type Answer = (response: ServerResponse) => unknown;

async function respond(
  sessions: SessionManager,
  answer: Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // With a store: no server that Nest knows has announced the request.
  await sessions.load(request, response);
  const session = sessions.open<{ n: number }>(request, response);
  if (request.url === '/write') session.data.n++;
  else session.get('n');
  answer(response);
}

const ANSWERS: readonly (readonly [title: string, answer: Answer])[] = [
  ['end()', (response) => response.end('text')],
  ['write() and end()', (response) => void (response.write('te'), response.end('xt'))],
  ['writeHead() and end()', (response) => response.writeHead(200, { 'X-Own': 'yes' }).end('text')],
  ['writeHead(status, undefined, headers)', (response) => response.writeHead(200, undefined, {}).end('text')],
  ['flushHeaders()', (response) => void (response.flushHeaders(), response.end('text'))],
  ['a pipeline', (response) => pipeline(Readable.from(['te', 'xt']), response)],
  [
    'early hints, which carry no cookie',
    (response) => response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => response.end('text')),
  ],
  ['102 Processing before', (response) => void (response.writeProcessing(), response.end('text'))],
  ['setHeaders()', (response) => response.setHeaders(new Headers({ 'X-Own': 'yes' })).end('text')],
  [
    'appendHeader()',
    (response) => response.appendHeader('Vary', 'Accept').removeHeader('Vary') ?? response.end('text'),
  ],
  ['cork()', (response) => void (response.cork(), response.write('text'), response.uncork(), response.end())],
  ['a timer', (response) => setImmediate(() => response.end('text'))],
];

describe.each([
  ['the responses of Node', ServerResponse],
  ['responses of another class', OwnResponse],
])('A server without a framework, with %s', (_, Response) => {
  const start = async (answer: Answer) => {
    const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
    closeAfterTest(() => app.close());
    const server = createServer({ ServerResponse: Response as typeof ServerResponse }, (request, response) => {
      void respond(app.get(SessionManager), answer, request, response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    closeAfterTest(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    });
    const visitor = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await signIn(visitor, { n: 1 });
    return visitor;
  };

  it.each(ANSWERS)('sends the session cookie with %s', async (__, answer) => {
    const visitor = await start(answer);
    const read = await visitor.get('/read');
    expect([read.status, read.text, read.setCookie, read.headers.vary]).toEqual([200, 'text', [], 'Cookie']);
    const written = await visitor.get('/write');
    expect([written.status, written.text, written.headers.vary]).toEqual([200, 'text', 'Cookie']);
    expect(sentClaims(written).data).toEqual({ n: 2 });
    expect(written.headers['x-class']).toBe(Response === OwnResponse ? 'own' : undefined);
  });
});
