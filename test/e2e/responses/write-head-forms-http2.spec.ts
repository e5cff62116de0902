import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Param, Res } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { once } from 'node:events';
import { type ClientHttp2Session, connect, createServer, type Http2Server, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Session, SessionModule } from 'nestjs-sessions';
import { SECRET, suiteStore } from '../../support/app.js';
import { rawResponse } from '../../support/routes.js';
import { claimsOf, forge } from '../../support/tokens.js';
import { answerWith, FORMS, FRESH_FORMS, headersOf } from './support/write-head-forms.js';

@Controller(':form/:before')
class FormsController {
  @Get('read')
  read(@Session() session: Session, @Res() reply: object, @Param() { form, before }: Params): void {
    session.get('n');
    answerWith(rawResponse(reply), form, before === 'after');
  }

  @Get('write')
  write(@Session() session: Session, @Res() reply: object, @Param() { form, before }: Params): void {
    session.data.n++;
    answerWith(rawResponse(reply), form, before === 'after');
  }
}

// Node refuses these halfway: the rest depends on how far it has come.
const REFUSED_HALFWAY = new Set(['empty-name', 'odd-list']);
const COMPARED = FORMS.filter(([form]) => !REFUSED_HALFWAY.has(form));
const REFUSED = new Set(['null', 'reason-null', 'wrong-status', 'undefined-value', 'bad-name']);
const isRefused = ([form]: (typeof FORMS)[number]) => REFUSED.has(form);
const isTaken = (form: (typeof FORMS)[number]) => !isRefused(form);

interface Params {
  readonly form: string;
  readonly before: string;
}

async function get(client: ClientHttp2Session, path: string) {
  const stream = client.request({ ':path': path, cookie: `session=${forge({ n: 1 })}` });
  const [headers, , rawHeaders] = (await once(stream, 'response')) as [IncomingHttpHeaders, number, string[]];
  return { headers, rawHeaders, text: (await stream.setEncoding('utf8').toArray()).join('') };
}

// Express does not speak HTTP/2.
describe('writeHead() of HTTP/2 (fastify)', () => {
  let app: INestApplication;
  let plain: Http2Server;
  let ours: ClientHttp2Session;
  let node: ClientHttp2Session;

  beforeEach(async () => {
    const imports = [SessionModule.forRoot(SECRET, suiteStore())];
    const module = await Test.createTestingModule({ imports, controllers: [FormsController] }).compile();
    // oxlint-disable-next-line typescript/no-unsafe-argument -- Nest types the options of HTTP/1 only
    app = module.createNestApplication(new FastifyAdapter({ http2: true } as object), { logger: false });
    await app.listen(0, '127.0.0.1');
    ours = connect(`http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`);
    plain = createServer((request, response) => {
      const [, form = '', before] = request.url.split('/');
      answerWith(response as never, form, before === 'after');
    });
    await once(plain.listen(0, '127.0.0.1'), 'listening');
    node = connect(`http://127.0.0.1:${(plain.address() as AddressInfo).port}`);
  });

  afterEach(async () => {
    ours.destroy();
    node.destroy();
    plain.close();
    await app.close();
  });

  describe.each([
    ['fresh', 'no header was set before', [...COMPARED.filter(isTaken), ...FRESH_FORMS]],
    ['after', 'headers were set before', COMPARED.filter(isTaken)],
    ['fresh', 'Node refuses the call', COMPARED.filter(isRefused)],
    ['after', 'Node refuses the call', COMPARED.filter(isRefused)],
  ])('when %s: %s', (before, _, forms) => {
    it.each(forms.map(([form]) => form))('%s answers as Node itself, with the session cookie beside', async (form) => {
      const expected = await get(node, `/${form}/${before}`);

      const read = await get(ours, `/${form}/${before}/read`);
      expect([read.text, headersOf(read)]).toEqual([expected.text, headersOf(expected, { Vary: 'Cookie' })]);
      expect(read.headers['set-cookie']).toEqual(expected.headers['set-cookie']);

      const written = await get(ours, `/${form}/${before}/write`);
      const { 'cache-control': cacheControl = 'private, no-store' } = expected.headers;
      expect([written.text, headersOf(written)]).toEqual([
        expected.text,
        headersOf(expected, { Vary: 'Cookie', 'Cache-Control': cacheControl }),
      ]);
      const lines = written.headers['set-cookie'] ?? [];
      const others = lines.filter((line) => !line.startsWith('session='));
      expect(others).toEqual(expected.headers['set-cookie'] ?? []);
      const [line = '', ...more] = lines.filter((text) => text.startsWith('session='));
      expect([claimsOf(line.split(';')[0] ?? '').data, more]).toEqual([{ n: 2 }, []]);
    });
  });
});
