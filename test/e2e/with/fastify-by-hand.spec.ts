import fastifyCompress from '@fastify/compress';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Query, Res } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Session, type SessionService } from 'nestjs-sessions';
import { startApp } from '../../support/app.js';
import { signIn } from '../../support/tokens.js';
import { AnsweringController, ANSWERS, plainText, summaryOf } from './support/answers.js';
import type { Middleware } from './support/neighbours.js';
import { NEIGHBOURS } from './support/neighbours.js';

interface HijackedReply {
  readonly raw: ServerResponse;
  hijack(): unknown;
  header(name: string, value: string): unknown;
  getHeaders(): Record<string, string>;
}

const use = (session: SessionService, write: string | undefined) => {
  const text = `n=${session.get('n')}`;
  if (write !== undefined) session.set('n', 2);
  return text;
};

/** Answers that Fastify leaves to the handler. */
const HIJACKED: Readonly<Record<string, (reply: HijackedReply, text: string) => unknown>> = {
  end: ({ raw }, text) => raw.end(text),
  'write-head': ({ raw }, text) => raw.writeHead(200, { 'Content-Type': 'text/plain' }).end(text),
  'write-head-list': ({ raw }, text) => raw.writeHead(200, ['Content-Type', 'text/plain']).end(text),
  'write-head-pairs': ({ raw }, text) => raw.writeHead(200, [['Content-Type', 'text/plain']] as never).end(text),
  'write-head-undefined': ({ raw }, text) => raw.writeHead(200, undefined, { 'Content-Type': 'text/plain' }).end(text),
  'headers-of-reply': (reply, text) => {
    reply.header('X-Own', 'yes');
    reply.raw.writeHead(200, reply.getHeaders()).end(text);
  },
  stream: ({ raw }, text) => Readable.from([text]).pipe(raw),
  later: ({ raw }, text) => setImmediate(() => raw.writeHead(200, 'Fine', {}).end(text)),
  flushed: ({ raw }, text) => {
    raw.flushHeaders();
    setImmediate(() => raw.end(text));
  },
};

@Controller()
class HijackingController {
  @Get('hijack')
  hijack(
    @Session() session: Session,
    @Res() reply: HijackedReply,
    @Query('by') by: string,
    @Query('write') write?: string,
  ): void {
    const text = use(session, write);
    reply.hijack();
    HIJACKED[by]?.(reply, text);
  }
}

const CASES = [
  ['', []],
  ['&write=yes', [{ n: 2 }]],
] as const;

describe('reply.hijack() (fastify)', () => {
  it.each(Object.keys(HIJACKED))('leaves the answer to the handler, and the cookie to us (%s)', async (by) => {
    const started = await startApp('fastify', { controllers: [HijackingController] });
    for (const [query, ours] of CASES) {
      const visitor = started.client();
      await signIn(visitor, { n: 1 });
      const reply = await visitor.get(`/hijack?by=${by}${query}`);
      expect([reply.status, reply.text]).toEqual([200, 'n=1']);
      expect(summaryOf(reply)).toEqual({ variesByCookie: 1, ours, others: [], odd: [], twice: [] });
    }
  });

  it.each(NEIGHBOURS.filter(({ platforms }) => platforms === undefined))(
    'does so where $name wraps the response in a hook',
    async ({ middleware }) => {
      const started = await startApp('fastify', {
        controllers: [HijackingController],
        configure: (app) => addHook(app as NestFastifyApplication, middleware),
      });
      for (const by of ['end', 'write-head', 'write-head-undefined', 'headers-of-reply', 'later', 'stream']) {
        for (const [query, ours] of CASES) {
          const visitor = started.client();
          await signIn(visitor, { n: 1 });
          const reply = await visitor.get(`/hijack?by=${by}${query}`);
          const { others: _, ...summary } = summaryOf(reply);
          expect([by, reply.status, reply.text]).toEqual([by, 200, 'n=1']);
          expect([by, summary]).toEqual([by, { variesByCookie: 1, ours, odd: [], twice: [] }]);
        }
      }
    },
  );
});

/** Runs a middleware in an onRequest hook. */
function addHook(app: NestFastifyApplication, middleware: Middleware): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => void middleware(request.raw, reply.raw, () => done()));
}

describe('@fastify/compress (fastify)', () => {
  it.each(['gzip', 'br', 'identity'])('compresses answers with a session cookie (%s)', async (encoding) => {
    const started = await startApp('fastify', {
      controllers: [AnsweringController],
      configure: (app) => (app as NestFastifyApplication).register(fastifyCompress, { threshold: 0 }),
    });
    for (const { path, method = 'GET', status, text, type } of ANSWERS) {
      for (const [query, ours] of CASES) {
        const visitor = started.client();
        await signIn(visitor, { n: 1 });
        const init = { method, headers: { 'accept-encoding': encoding } };
        const reply = await visitor.send(`${path}?${query.slice(1)}`, init);
        const what = `${method} ${path}${query}`;
        const sent = path === '/redirect' ? '' : plainText(reply);
        expect([what, reply.status, sent]).toEqual([what, status, text]);
        const expected = { variesByCookie: 1, ours, others: ['theirs=1'], odd: [], twice: [] };
        expect([what, summaryOf(reply)]).toEqual([what, expected]);
        if (type !== undefined) expect([what, reply.headers['content-type']?.startsWith(type)]).toEqual([what, true]);
      }
    }
  });
});
