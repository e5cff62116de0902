import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from 'node:http2';
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SessionModule } from 'nestjs-sessions';
import { SECRET, suiteStore } from '../../support/app.js';
import { RecordingLogger } from '../../support/log.js';
import { rawResponse, routes } from '../../support/routes.js';
import { claimsOf, forge } from '../../support/tokens.js';

const controller = routes({
  write: (session) => `${session.get('n')} ${(session.data.n = 2)}`,
  read: (session) => String(session.get('n')),
});

/** What comes of a change after the client has gone. */
let afterwards: unknown;
/** Emits `started` when the handler has begun, `ended` when all that follows it has run. */
const running = new EventEmitter();

const abandoned = routes({
  abandoned: async (session, response) => {
    session.data.n = 2;
    running.emit('started');
    await once(rawResponse(response), 'close');
    try {
      session.set('n', 3);
      afterwards = session.get('n');
    } catch (error) {
      afterwards = error;
    }
    // The interceptor follows.
    setImmediate(() => running.emit('ended'));
  },
});

async function get(client: ClientHttp2Session, path: string, cookie: string) {
  const stream = client.request({ ':path': path, cookie });
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  return { headers, text: (await stream.setEncoding('utf8').toArray()).join('') };
}

// Express does not speak HTTP/2.
describe('HTTP/2 (fastify)', () => {
  const logger = new RecordingLogger();
  let app: INestApplication;
  let client: ClientHttp2Session;

  beforeEach(async () => {
    const imports = [SessionModule.forRoot(SECRET, suiteStore())];
    const module = await Test.createTestingModule({ imports, controllers: [controller, abandoned] })
      .setLogger(logger)
      .compile();
    // oxlint-disable-next-line typescript/no-unsafe-argument -- Nest types the options of HTTP/1 only
    app = module.createNestApplication(new FastifyAdapter({ http2: true } as object), { logger });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    client = connect(`http://127.0.0.1:${port}`);
  });

  afterEach(async () => {
    client.destroy();
    await app.close();
  });

  it('carries a session', async () => {
    const first = await get(client, '/write', `session=${forge({ n: 1 })}`);
    const [line = '', ...others] = first.headers['set-cookie'] ?? [];
    expect([first.text, others, first.headers.vary]).toEqual(['1 2', [], 'Cookie']);
    expect(line).toMatch(/^session=[\w.-]+; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/);
    const [cookie = ''] = line.split(';');
    expect(claimsOf(cookie).data).toEqual({ n: 2 });
    const second = await get(client, '/read', cookie);
    expect([second.text, second.headers['set-cookie']]).toEqual(['2', undefined]);
  });

  it('lets a handler end whose client has gone, as HTTP/1 does', async () => {
    const started = once(running, 'started');
    const ended = once(running, 'ended');
    const stream = client.request({ ':path': '/abandoned', cookie: `session=${forge({ n: 1 })}` });
    await started;
    stream.close(constants.NGHTTP2_CANCEL);
    await ended;
    expect(afterwards).toBe(3);
    expect(logger.lines).toEqual([]);
  });
});
