import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Res } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Session, SessionModule } from 'nestjs-sessions';
import { SECRET } from '../../support/app.js';
import { rawResponse } from '../../support/routes.js';
import { slowStore, type TestStore } from '../../support/stores.js';
import { PATHS, PathsModule, useCounter } from './support/paths.js';

/** Headers that HTTP/1 refuses, and HTTP/2 takes as it knows no reason and has a status of its own accord. */
@Controller()
class OddController {
  @Get('reason')
  reason(@Session() session: Session, @Res() reply: object): void {
    session.set('n', 2);
    rawResponse(reply).writeHead(203, 'line\nbreak').end('text');
  }

  @Get('no-status')
  noStatus(@Session() session: Session, @Res() reply: object): void {
    session.set('n', 2);
    rawResponse(reply)
      .writeHead(undefined as never)
      .end('text');
  }
}

// Express does not speak HTTP/2.
describe('A session is saved before the client sees the first byte over HTTP/2 (fastify)', () => {
  let store: TestStore;
  let app: INestApplication;
  let client: ClientHttp2Session;

  const get = async (path: string, cookie: string, method = 'GET') => {
    const stream = client.request({ ':path': path, ':method': method, cookie });
    const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
    const { data } = store;
    return { headers, data, text: (await stream.setEncoding('utf8').toArray()).join('') };
  };

  beforeEach(async () => {
    store = slowStore();
    const imports = [SessionModule.forRoot({ secretKey: SECRET, store }), PathsModule];
    const module = await Test.createTestingModule({ imports, controllers: [OddController] }).compile();
    // oxlint-disable-next-line typescript/no-unsafe-argument -- Nest types the options of HTTP/1 only
    app = module.createNestApplication(new FastifyAdapter({ http2: true } as object), { logger: false });
    useCounter(app);
    await app.listen(0, '127.0.0.1');
    client = connect(`http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`);
  });

  afterEach(async () => {
    client.destroy();
    await app.close();
  });

  it.each(PATHS)('$path', async (row) => {
    const first = await get('/text', '');
    const cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const { headers, data, text } = await get(row.path, cookie, row.method);
    expect(headers[':status']).toBe(row.status);
    if (row.text !== undefined) expect(text).toEqual(expect.stringMatching(row.text));
    expect(data).toEqual(row.isEnd === true ? undefined : expect.objectContaining({ n: 2 }));
  });

  it.each([
    ['/reason', 203],
    ['/no-status', 200],
  ])('%s, with headers that only HTTP/1 refuses', async (path, status) => {
    const { headers, data, text } = await get(path, '');
    expect([headers[':status'], text, data]).toEqual([status, 'text', expect.objectContaining({ n: 2 })]);
  });
});
