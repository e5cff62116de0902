import { describe, expect, it } from '@jest/globals';
import { type ArgumentsHost, Catch, Controller, type ExceptionFilter, Get, Param, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Session, SessionManager, type SessionService } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { RecordingLogger } from '../../support/log.js';
import { type AnyResponse, rawResponse } from '../../support/routes.js';
import { claimsOf, DELETION, signIn } from '../../support/tokens.js';

type WriteHead = (...args: readonly unknown[]) => unknown;

/** Has the next `writeHead` of somebody else fail once. */
function failOnce(response: ServerResponse): void {
  const before = Reflect.get(response, 'writeHead') as WriteHead;
  let hasFailed = false;
  Reflect.set(response, 'writeHead', function failing(this: ServerResponse, ...args: unknown[]) {
    if (!hasFailed) {
      hasFailed = true;
      throw new Error('a wrapper failed');
    }
    return before.apply(this, args);
  });
}

/** Answers that fail when the headers are about to leave. */
const FAILURES: Readonly<Record<string, (response: ServerResponse, reply: AnyResponse) => unknown>> = {
  'a line break in a value': (response) => response.writeHead(200, { 'X-Bad': 'a\nb' }),
  'a line break in a value of a list': (response) => response.writeHead(200, ['X-Bad', 'a\nb']),
  'a line break in the second header': (response) => response.writeHead(200, { 'X-Own': 'yes', 'X-Bad': 'a\nb' }),
  'a name with a space': (response) => response.writeHead(200, 'Fine', { 'X Bad': 'a' }),
  'a value that is undefined': (response) => response.writeHead(200, { 'X-Bad': undefined }),
  'a status that there is not': (response) => response.writeHead(1000),
  'a line break in the reason': (response) => response.writeHead(200, 'a\nb'),
  'a line break in statusMessage, by end()': (response) => {
    response.statusMessage = 'a\nb';
    response.end('never sent');
  },
  'a line break in statusMessage, by flushHeaders()': (response) => {
    response.statusMessage = 'a\nb';
    response.flushHeaders();
  },
  'a wrapper that throws': (response) => {
    failOnce(response);
    response.end('never sent');
  },
};

type Change = (session: SessionService) => unknown;

@Controller(':failure')
class FailingController {
  @Get('read')
  read(@Session() session: Session, @Res() reply: AnyResponse, @Param('failure') failure: string): void {
    session.get('n');
    FAILURES[failure]?.(rawResponse(reply), reply);
  }

  @Get('write')
  write(@Session() session: Session, @Res() reply: AnyResponse, @Param('failure') failure: string): void {
    session.set('n', 2);
    FAILURES[failure]?.(rawResponse(reply), reply);
  }
}

/** What an exception filter may do to the session, and the data that leave then. */
const REPAIRS: readonly (readonly [title: string, change: Change, ofRead: unknown, ofWrite: unknown])[] = [
  ['leaves the session alone', () => undefined, undefined, { n: 2 }],
  ['reads it', (session) => session.get('n'), undefined, { n: 2 }],
  ['writes it', (session) => session.set('flash', 'sorry'), { n: 1, flash: 'sorry' }, { n: 2, flash: 'sorry' }],
  ['destroys it', (session) => session.destroy(), 'deleted', 'deleted'],
  ['clears it', (session) => session.clear(), 'deleted', 'deleted'],
  ['rolls it back', (session) => session.rollback(), undefined, undefined],
  ['sets what it was before', (session) => session.set('n', 1), undefined, undefined],
  ['changes data in place', (session) => void (session.data.late = true), { n: 1, late: true }, { n: 2, late: true }],
  [
    'regenerates it',
    (session) => {
      session.regenerate();
      session.set('anew', true);
    },
    { anew: true },
    { anew: true },
  ],
];

describeOnEachPlatform('Headers that could not leave', (platform) => {
  const start = async (change: Change) => {
    @Catch()
    class RepairingFilter implements ExceptionFilter {
      constructor(private readonly sessions: SessionManager) {}

      catch(_error: unknown, host: ArgumentsHost): void {
        const response = host.switchToHttp().getResponse<AnyResponse>();
        let text = 'repaired';
        try {
          change(this.sessions.open(host));
        } catch (error) {
          text = String(error);
        }
        const raw = rawResponse(response);
        raw.statusMessage = 'Repaired';
        raw.statusCode = 503;
        raw.end(text);
      }
    }
    const logger = new RecordingLogger();
    const started = await startApp(platform, {
      controllers: [FailingController],
      logger,
      configure: (app) => app.useGlobalFilters(new RepairingFilter(app.get(SessionManager))),
    });
    return {
      logger,
      get: async (path: string) => {
        const visitor = started.client();
        await signIn(visitor, { n: 1 });
        return visitor.get(path);
      },
    };
  };

  describe.each(REPAIRS)('when a filter %s', (_, change, ofRead, ofWrite) => {
    it.each(Object.keys(FAILURES))('leave with its answer, with the session as it is then (%s)', async (failure) => {
      const { get, logger } = await start(change);
      for (const [path, expected] of [
        ['read', ofRead],
        ['write', ofWrite],
      ] as const) {
        const reply = await get(`/${encodeURIComponent(failure)}/${path}`);
        expect([path, reply.status, reply.text, reply.headers.vary]).toEqual([path, 503, 'repaired', 'Cookie']);
        const sent = reply.setCookie.map((line) =>
          line === DELETION ? 'deleted' : claimsOf(line.split(';', 1)[0] ?? '').data,
        );
        expect([path, sent]).toEqual([path, expected === undefined ? [] : [expected]]);
        // Nothing of ours is left from the first attempt.
        const { 'cache-control': cacheControl } = reply.headers;
        expect([path, cacheControl]).toEqual([path, expected === undefined ? undefined : 'private, no-store']);
      }
      expect(logger.lines).toEqual([]);
    });
  });

  it('keep the cookies of the application, each once', async () => {
    @Controller()
    class CookieController {
      @Get('cookies')
      cookies(@Session() session: Session, @Res() reply: AnyResponse): void {
        session.set('n', 2);
        const raw = rawResponse(reply);
        raw.setHeader('Set-Cookie', ['theirs=1', 'theirs=2']);
        raw.setHeader('Vary', 'Accept');
        raw.statusMessage = 'a\nb';
        raw.end('never sent');
      }
    }
    const started = await startApp(platform, {
      controllers: [CookieController],
      configure: (app) => {
        @Catch()
        class DestroyingFilter implements ExceptionFilter {
          catch(_error: unknown, host: ArgumentsHost): void {
            app.get(SessionManager).open(host).destroy();
            const raw = rawResponse(host.switchToHttp().getResponse<object>());
            raw.statusMessage = 'Repaired';
            raw.end('repaired');
          }
        }
        app.useGlobalFilters(new DestroyingFilter());
      },
    });
    const visitor = started.client();
    await signIn(visitor, { n: 1 });
    const reply = await visitor.get('/cookies');
    expect([reply.text, reply.setCookie, reply.headers.vary]).toEqual([
      'repaired',
      ['theirs=1', 'theirs=2', DELETION],
      'Accept, Cookie',
    ]);
  });

  it('leave with the answer of Nest, which knows nothing of it', async () => {
    const started = await startApp(platform, { controllers: [FailingController] });
    const visitor = started.client();
    await signIn(visitor, { n: 1 });
    const reply = await visitor.get(`/${encodeURIComponent('a line break in a value')}/write`);
    expect([reply.status, reply.text]).toEqual([500, '{"statusCode":500,"message":"Internal server error"}']);
    expect(reply.setCookie.map((line) => claimsOf(line.split(';', 1)[0] ?? '').data)).toEqual([{ n: 2 }]);
  });

  it('have left all the same where writeHead() fails a second time: the session cannot be changed then', async () => {
    let code: unknown;
    @Controller()
    class TwiceController {
      @Get('twice')
      twice(@Session() session: Session, @Res() reply: AnyResponse): void {
        session.set('n', 2);
        const raw = rawResponse(reply);
        raw.writeHead(200);
        expect(() => raw.writeHead(201)).toThrow('headers');
        try {
          session.destroy();
        } catch (error) {
          code = (error as { code?: unknown }).code;
        }
        raw.end('sent');
      }
    }
    const started = await startApp(platform, { controllers: [TwiceController] });
    const visitor = started.client();
    await signIn(visitor, { n: 1 });
    const reply = await visitor.get('/twice');
    expect([reply.status, reply.text, code]).toEqual([200, 'sent', 'ERR_SESSION_HEADERS_SENT']);
    expect(reply.setCookie.map((line) => claimsOf(line.split(';', 1)[0] ?? '').data)).toEqual([{ n: 2 }]);
  });
});
