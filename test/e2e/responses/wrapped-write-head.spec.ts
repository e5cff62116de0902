import { afterEach, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Session, SessionManager } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import type { Reply } from '../../support/client.js';
import { rawResponse } from '../../support/routes.js';
import { sentClaims, signIn } from '../../support/tokens.js';

type WriteHead = (this: ServerResponse, ...args: unknown[]) => ServerResponse;
type Middleware = (request: object, response: ServerResponse, next: () => void) => void;

const writeHeadOf = (response: object) => Reflect.get(response, 'writeHead') as WriteHead;

/** Replaces `writeHead` of a response, or of a prototype, by one that knows the one before. */
function wrap(response: object, make: (before: WriteHead) => WriteHead): void {
  Reflect.set(response, 'writeHead', make(writeHeadOf(response)));
}

/** What stood in the application's call, by the kind of its headers. */
const CALLS: Readonly<Record<string, readonly unknown[]>> = {
  none: [203],
  object: [203, { 'X-Own': 'yes', 'Content-Length': 4 }],
  list: [203, ['X-Own', 'yes', 'Content-Length', '4']],
  pairs: [
    203,
    [
      ['X-Own', 'yes'],
      ['Content-Length', '4'],
    ],
  ],
  'reason, object': [203, 'Own', { 'X-Own': 'yes', 'Content-Length': 4 }],
  'reason, list': [203, 'Own', ['X-Own', 'yes', 'Content-Length', '4']],
  'undefined, object': [203, undefined, { 'X-Own': 'yes', 'Content-Length': 4 }],
  'null, object': [203, null, { 'X-Own': 'yes', 'Content-Length': 4 }],
  'undefined, pairs': [
    203,
    undefined,
    [
      ['X-Own', 'yes'],
      ['Content-Length', '4'],
    ],
  ],
};

@Controller()
class CallingController {
  @Get('call')
  call(
    @Session() session: Session,
    @Res() response: object,
    @Query('kind') kind: string,
    @Query('write') write?: string,
  ): void {
    session.get('n');
    if (write === 'yes') session.data.n++;
    const raw = rawResponse(response);
    const returned: ServerResponse = writeHeadOf(raw).apply(raw, structuredClone(CALLS[kind] as unknown[]));
    returned.end(returned === raw ? 'text' : 'oops');
  }

  @Get('implicit')
  implicit(@Session() session: Session, @Res() response: object, @Query('write') write?: string): void {
    session.get('n');
    if (write === 'yes') session.data.n++;
    const raw = rawResponse(response);
    raw.statusCode = 203;
    raw.setHeader('X-Own', 'yes');
    raw.end('text');
  }
}

/** The kind of headers in a call, and where they stand. */
function kindOf(args: readonly unknown[]): string {
  const [, second, third] = args;
  const position = typeof second !== 'string' && (third ?? undefined) === undefined ? 1 : 2;
  const headers = args[position] ?? undefined;
  const kind = headers === undefined ? 'none' : typeof headers;
  if (!Array.isArray(headers)) return kind;
  return Array.isArray(headers[0]) ? 'pairs' : 'list';
}

/** The headers in a call that are an object. */
const objectIn = (args: readonly unknown[]) =>
  args.find((value): value is OutgoingHttpHeaders => typeof value === 'object' && value !== null);

const deleteLength = (headers: object) => {
  for (const name of Object.keys(headers)) if (/^content-length$/i.test(name)) Reflect.deleteProperty(headers, name);
};

/** The responses that were wrapped, for functions that do not look at `this`. */
const wrapped: ServerResponse[] = [];

const wrapping =
  (make: (before: WriteHead) => WriteHead): Middleware =>
  (_request, response, next) => {
    wrap(response, make);
    next();
  };

/** The answer to /call and /implicit is right, cookie and all. */
const check = (reply: Reply, write: string) => {
  expect([reply.status, reply.text, reply.headers.vary]).toEqual([203, 'text', 'Cookie']);
  if (write === 'yes') expect(sentClaims(reply).data).toEqual({ n: 2 });
  else expect(reply.setCookie).toEqual([]);
};

const ORDERS = ['before', 'after'] as const;
const WRITES = ['no', 'yes'] as const;
const originalWriteHead = writeHeadOf(ServerResponse.prototype);

afterEach(() => {
  Reflect.set(ServerResponse.prototype, 'writeHead', originalWriteHead);
});

describeOnEachPlatform('A function that wraps writeHead()', (platform) => {
  /** @param order whether the response is wrapped before or after the session is touched */
  const start = async (order: (typeof ORDERS)[number], middleware: Middleware) => {
    const started = await startApp(platform, {
      controllers: [CallingController],
      configure: (app) => {
        if (platform === 'express') (app as NestExpressApplication).disable('x-powered-by');
        const touch: Middleware = (request, response, next) => {
          app.get(SessionManager).open(request, response).get('n');
          next();
        };
        for (const use of order === 'before' ? [middleware] : [touch, middleware]) app.use(use);
      },
    });
    const visitor = started.client();
    await signIn(visitor, { n: 1 });
    return visitor;
  };

  describe.each(ORDERS)('%s the session is touched', (order) => {
    it.each(Object.keys(CALLS))('is given the kind of headers that the application gave (%s)', async (kind) => {
      const seen: string[] = [];
      const record = wrapping(
        (before) =>
          function recording(this: ServerResponse, ...args) {
            seen.push(kindOf(args));
            return before.apply(this, args);
          },
      );
      const visitor = await start(order, record);
      for (const write of WRITES) {
        await signIn(visitor, { n: 1 });
        const reply = await visitor.get(`/call?kind=${encodeURIComponent(kind)}&write=${write}`);
        check(reply, write);
        expect(reply.headers['x-own']).toBe(kind === 'none' ? undefined : 'yes');
        expect(seen.splice(0)).toEqual([kind.split(', ').at(-1)]);
      }
    });

    it.each(['object', 'reason, object', 'undefined, object', 'null, object'])(
      'may take headers out of the object, and put others in (%s)',
      async (kind) => {
        const edit = wrapping(
          (before) =>
            function editing(this: ServerResponse, ...args) {
              const headers = objectIn(args);
              if (headers !== undefined) {
                deleteLength(headers);
                headers['X-Added'] = 'yes';
              }
              return before.apply(this, args);
            },
        );
        const visitor = await start(order, edit);
        for (const write of WRITES) {
          await signIn(visitor, { n: 1 });
          const reply = await visitor.get(`/call?kind=${encodeURIComponent(kind)}&write=${write}`);
          check(reply, write);
          expect([reply.headers['content-length'], reply.headers['x-added']]).toEqual([undefined, 'yes']);
        }
      },
    );

    it.each<[string, (before: WriteHead) => WriteHead]>([
      [
        'takes itself away when it is called',
        (before) =>
          function once(this: ServerResponse, ...args) {
            Reflect.set(this, 'writeHead', before);
            return writeHeadOf(this).apply(this, args);
          },
      ],
      [
        'deletes itself when it is called',
        (before) =>
          function once(this: ServerResponse, ...args) {
            Reflect.deleteProperty(this, 'writeHead');
            return before.apply(this, args);
          },
      ],
      [
        'sets headers first',
        (before) =>
          function setting(this: ServerResponse, ...args) {
            this.setHeader('X-Before', 'yes');
            return before.apply(this, args);
          },
      ],
      [
        'sets each header by itself and gives the status only',
        (before) =>
          function setting(this: ServerResponse, ...args) {
            for (const [name, value] of Object.entries(objectIn(args) ?? {})) this.setHeader(name, value ?? '');
            return before.call(this, args[0]);
          },
      ],
      [
        'is an arrow function',
        (before) =>
          (...args) =>
            before.apply(wrapped.at(-1) as ServerResponse, args),
      ],
      ['is bound', (before) => before.bind(wrapped.at(-1) as ServerResponse)],
    ])('works when it %s', async (_, make) => {
      const visitor = await start(order, (_request, response, next) => {
        wrapped.push(response);
        wrap(response, make);
        next();
      });
      for (const write of WRITES) {
        for (const path of ['/implicit?', '/call?kind=object&', '/call?kind=none&']) {
          await signIn(visitor, { n: 1 });
          check(await visitor.get(`${path}write=${write}`), write);
        }
      }
    });

    it('may stand thrice on one response', async () => {
      let calls = 0;
      const counting = wrapping(
        (before) =>
          function count(this: ServerResponse, ...args) {
            calls++;
            return before.apply(this, args);
          },
      );
      const visitor = await start(order, (request, response, next) => {
        for (let times = 0; times < 3; times++) counting(request, response, () => undefined);
        next();
      });
      for (const write of WRITES) {
        await signIn(visitor, { n: 1 });
        check(await visitor.get(`/call?kind=object&write=${write}`), write);
        expect(calls).toBe(3);
        calls = 0;
      }
    });

    it('may be a property that was defined', async () => {
      const visitor = await start(order, (_request, response, next) => {
        const before = writeHeadOf(response);
        const value: WriteHead = function defined(this: ServerResponse, ...args) {
          this.setHeader('X-Defined', 'yes');
          return before.apply(this, args);
        };
        Object.defineProperty(response, 'writeHead', { value, writable: true, configurable: true, enumerable: false });
        next();
      });
      for (const write of WRITES) {
        await signIn(visitor, { n: 1 });
        const reply = await visitor.get(`/implicit?write=${write}`);
        check(reply, write);
        expect(reply.headers['x-defined']).toBe('yes');
      }
    });
  });

  it.each(['object', 'list', 'pairs', 'undefined, object'])(
    'at the prototype of Node is given the kind that the application gave (%s)',
    async (kind) => {
      // As agents that measure applications do.
      const seen: string[] = [];
      wrap(
        ServerResponse.prototype,
        (before) =>
          function measuring(this: ServerResponse, ...args) {
            seen.push(kindOf(args));
            return before.apply(this, args);
          },
      );
      const visitor = await start('before', (_request, _response, next) => next());
      for (const write of WRITES) {
        await signIn(visitor, { n: 1 });
        check(await visitor.get(`/call?kind=${encodeURIComponent(kind)}&write=${write}`), write);
        expect(seen.splice(0)).toEqual([kind.split(', ').at(-1)]);
      }
    },
  );

  if (platform === 'express') {
    it('at the prototype of the application is called, whenever it was put there', async () => {
      let calls = 0;
      const visitor = await start('before', (request, _response, next) => {
        const { response } = (request as { app: { response: ServerResponse } }).app;
        if (calls === 0) {
          wrap(
            response,
            (before) =>
              function late(this: ServerResponse, ...args) {
                calls++;
                return before.apply(this, args);
              },
          );
        }
        next();
      });
      for (const write of WRITES) {
        await signIn(visitor, { n: 1 });
        check(await visitor.get(`/call?kind=object&write=${write}`), write);
      }
      expect(calls).toBe(2);
    });
  }
});
