import { describe, expect, it } from '@jest/globals';
import { ConsoleLogger, StreamableFile, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import express from 'express';
import { createReadStream } from 'node:fs';
import { tap } from 'rxjs';
import { SessionManager } from 'nestjs-sessions';
import { PLATFORMS, startApp } from '../../support/app.js';
import { exportOf } from '../../support/documents.js';
import { type AnyResponse, rawResponse, routes } from '../../support/routes.js';
import { sentCookie, signIn } from '../../support/tokens.js';
import { AnsweringController, ANSWERS } from './support/answers.js';
import type { Middleware } from './support/neighbours.js';

const PAGE = 'docs/around.md';
const ROOT = process.cwd();

describe.each(PLATFORMS)('A hook that wants to see the cookie (%s)', (platform) => {
  it('sees it by on-headers, whatever the answer is', async () => {
    const countCookies = await exportOf<Middleware>(PAGE, 'countCookies');
    const app = await startApp(platform, {
      controllers: [AnsweringController],
      configure: (nest) => nest.use(countCookies),
    });
    for (const { path, method = 'GET' } of ANSWERS) {
      const visitor = app.client();
      await signIn(visitor, { n: 1 });
      const reply = await visitor.send(`${path}?write=1`, { method });
      expect([path, reply.headers['x-cookies']]).toEqual([path, String(reply.setCookie.length)]);
      expect(sentCookie(reply).value).not.toBe('');
    }
  });

  it("does not see it in an interceptor's tap()", async () => {
    let seen: unknown = 'nothing yet';
    const app = await startApp(platform, {
      controllers: [routes({ write: (session) => session.set('n', 1) })],
      configure: (nest) =>
        nest.useGlobalInterceptors({
          intercept: (context, next) =>
            next.handle().pipe(
              tap(() => {
                seen = rawResponse(context.switchToHttp().getResponse<object>()).getHeader('set-cookie');
              }),
            ),
        }),
    });
    expect((await app.client().get('/write')).setCookie).toHaveLength(1);
    expect(seen).toBeUndefined();
  });
});

describe("Fastify's onSend hook (fastify)", () => {
  it('does not see the cookie', async () => {
    const seen: unknown[] = [];
    const app = await startApp('fastify', {
      controllers: [routes({ write: (session) => session.set('n', 1) })],
      configure: (nest) =>
        (nest as NestFastifyApplication)
          .getHttpAdapter()
          .getInstance()
          .addHook('onSend', (_request, reply, _payload, done) => {
            seen.push(reply.getHeader('set-cookie'), reply.raw.getHeader('set-cookie'));
            done();
          }),
    });
    expect((await app.client().get('/write')).setCookie).toHaveLength(1);
    expect(seen).toEqual([undefined, undefined]);
  });
});

/** Keeps what is logged as a warning. */
class Warnings extends ConsoleLogger {
  readonly lines: string[] = [];
  override log(): void {}
  override debug(): void {}
  override warn(message: string): void {
    this.lines.push(message);
  }
}

const touch =
  (sessions: () => SessionManager): Middleware =>
  (request, response, next) => {
    sessions().open(request, response).set('n', 1);
    next();
  };

/** A file from express.static(), before or after a middleware that writes the session. */
const getFile = async (order: 'before' | 'after') => {
  const logger = new Warnings();
  const app = await startApp('express', {
    logger,
    configure: (nest) => {
      const touching = touch(() => nest.get(SessionManager));
      const files = express.static(ROOT);
      if (order === 'before') nest.use(files, touching);
      else nest.use(touching, files);
    },
  });
  const reply = await app.client().get('/package.json');
  return [reply.setCookie.length, reply.headers['cache-control'], logger.lines.length];
};

describe('Files (express)', () => {
  it('from express.static() are public beside a Set-Cookie, with a warning; served before the session, without one', async () => {
    expect(await getFile('after')).toEqual([1, 'public, max-age=0', 1]);
    expect(await getFile('before')).toEqual([0, 'public, max-age=0', 0]);
  });

  it('from sendFile() without its header are private: InvoiceController', async () => {
    const InvoiceController = await exportOf<Type<unknown>>(PAGE, 'InvoiceController');
    const reply = await (await startApp('express', { controllers: [InvoiceController] })).client().get('/invoice');
    expect([reply.status, reply.setCookie.length, reply.headers['cache-control']]).toEqual([
      200,
      1,
      'private, no-store',
    ]);
    expect(JSON.parse(reply.text)).toMatchObject({ name: 'nestjs-sessions' });
  });
});

describe.each(PLATFORMS)('A StreamableFile (%s)', (platform) => {
  it('is private beside a Set-Cookie', async () => {
    const app = await startApp(platform, {
      controllers: [
        routes({
          file: (session, _response: AnyResponse) => {
            session.set('n', 1);
            return new StreamableFile(createReadStream(`${ROOT}/package.json`));
          },
        }),
      ],
    });
    const reply = await app.client().get('/file');
    expect([reply.setCookie.length, reply.headers['cache-control']]).toEqual([1, 'private, no-store']);
  });
});
