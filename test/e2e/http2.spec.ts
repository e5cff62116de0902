import { expect, it } from '@jest/globals';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SessionModule } from 'nestjs-sessions';
import { SECRET } from '../support/app.js';
import { routes } from '../support/routes.js';
import { claimsOf, forge } from '../support/tokens.js';

const controller = routes({
  write: (session) => `${session.get('n')} ${(session.data.n = 2)}`,
  read: (session) => String(session.get('n')),
});

// Express does not speak HTTP/2.
it('A session travels over HTTP/2 (fastify)', async () => {
  const imports = [SessionModule.forRoot(SECRET)];
  const module = await Test.createTestingModule({ imports, controllers: [controller] }).compile();
  // oxlint-disable-next-line typescript/no-unsafe-argument -- Nest types the options of HTTP/1 only
  const app = module.createNestApplication(new FastifyAdapter({ http2: true } as object), { logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const client = connect(`http://127.0.0.1:${port}`);
  try {
    const get = async (path: string, cookie: string) => {
      const stream = client.request({ ':path': path, cookie });
      const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
      return { headers, text: (await stream.setEncoding('utf8').toArray()).join('') };
    };
    const first = await get('/write', `session=${forge({ n: 1 })}`);
    const [line = '', ...others] = first.headers['set-cookie'] ?? [];
    expect([first.text, others, first.headers.vary]).toEqual(['1 2', [], 'Cookie']);
    expect(line).toMatch(/^session=[\w.-]+; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/);
    const [cookie = ''] = line.split(';');
    expect(claimsOf(cookie).data).toEqual({ n: 2 });
    const second = await get('/read', cookie);
    expect([second.text, second.headers['set-cookie']]).toEqual(['2', undefined]);
  } finally {
    client.destroy();
    await app.close();
  }
});
