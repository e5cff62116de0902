import { afterEach, expect, it, jest } from '@jest/globals';
import { type INestApplication, Module, type NestModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import dns from 'node:dns';
import type { AddressInfo } from 'node:net';
import { onArrival } from '../../../lib/http/arrival.js';
import { SessionModule } from 'nestjs-sessions';
import { describeOnEachPlatform, SECRET, startApp, suiteStore } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { rawRequest, routes } from '../../support/routes.js';

/** What happened, in order. */
const log: string[] = [];

/** Holds each request until the next turn of the event loop. */
@Module({})
class ArrivalModule implements NestModule {
  constructor(private readonly host: HttpAdapterHost) {}

  configure(): void {
    onArrival(this.host.httpAdapter, (request, _response, proceed) => {
      log.push(`arrival ${request.url}`);
      setImmediate(proceed);
    });
  }
}

const controller = routes({
  path: (_session, _response, request) => {
    log.push(`handler ${rawRequest(request).url}`);
    return 'ok';
  },
});

const useMiddleware = (app: INestApplication) =>
  app.use((_request: object, _response: object, next: () => void) => {
    log.push('middleware');
    next();
  });

afterEach(() => {
  log.length = 0;
});

describeOnEachPlatform('A request arrives', (platform) => {
  it('before the first middleware', async () => {
    const options = { imports: [ArrivalModule], controllers: [controller], configure: useMiddleware };
    const { text } = await (await startApp(platform, options)).client().get('/path');
    expect([text, log]).toEqual(['ok', ['arrival /path', 'middleware', 'handler /path']]);
  });

  it('also where no route matches', async () => {
    const { status } = await (await startApp(platform, { imports: [ArrivalModule] })).client().get('/nowhere');
    expect([status, log]).toEqual([404, ['arrival /nowhere']]);
  });

  // Only Fastify listens on each address of "localhost" by a server of its own.
  if (platform === 'fastify') {
    it('before the first middleware on each address of "localhost"', async () => {
      const { lookup } = dns;
      // oxlint-disable-next-line typescript/no-unsafe-argument -- the overloads of lookup() cannot be told apart here
      jest.spyOn(dns, 'lookup').mockImplementation(((
        host: string,
        options: object,
        callback: (...args: unknown[]) => void,
      ) => {
        if (!('all' in options) || options.all !== true)
          return lookup(host === 'localhost' ? '127.0.0.1' : host, options, callback);
        return callback(
          null,
          ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 })),
        );
      }) as never);
      const module = await Test.createTestingModule({
        imports: [SessionModule.forRoot(SECRET, suiteStore()), ArrivalModule],
        controllers: [controller],
      }).compile();
      const app = module.createNestApplication(new FastifyAdapter(), { logger: false });
      useMiddleware(app);
      await app.listen(0, 'localhost');
      const { port } = app.getHttpServer().address() as AddressInfo;
      for (const address of ['127.0.0.1', '127.0.0.2']) await new Client(`http://${address}:${port}`).get('/path');
      await app.close();
      jest.restoreAllMocks();
      const lines = ['arrival /path', 'middleware', 'handler /path'];
      expect(log).toEqual([...lines, ...lines]);
    });
  }
});
