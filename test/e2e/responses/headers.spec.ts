import { expect, it } from '@jest/globals';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Header,
  Injectable,
  type INestApplication,
} from '@nestjs/common';
import { Session, SessionManager } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { RecordingLogger } from '../../support/log.js';
import { rawRequest, rawResponse, routes } from '../../support/routes.js';
import { sentClaims, signIn } from '../../support/tokens.js';

@Injectable()
class WritingGuard implements CanActivate {
  constructor(private readonly sessions: SessionManager) {}

  canActivate(context: ExecutionContext): boolean {
    this.sessions.open(context).set('guard', true);
    return true;
  }
}

const publicWarning = (route: string) => ({
  level: 'warn',
  message:
    `The answer to "${route}" sets the session cookie and may be stored by shared caches: its Cache-Control is public. ` +
    'Make it private; sendFile() and static files take cacheControl: false.',
});

/** What the request says in `x-name` and `x-value`, as a header that the application sets itself. */
const own = (request: object): [name: string, value: string | string[]] => {
  const { headers } = rawRequest(request);
  const value = String(headers['x-value']);
  return [String(headers['x-name']), value.startsWith('[') ? (JSON.parse(value) as string[]) : value];
};

const controller = routes({
  write: (session, response, request) => {
    session.set('n', 1);
    response.header(...own(request));
  },
  read: (session, response, request) => {
    session.get('n');
    response.header(...own(request));
  },
  nothing: (_session, response, request) => {
    response.header(...own(request));
  },
  raw: (session, response, request) => {
    session.set('n', 1);
    rawResponse(response).setHeader(...own(request));
  },
  plain: (session) => session.set('n', 1),
});

@Controller('passwords')
class PasswordController {
  @Get(':token/reset')
  @Header('Cache-Control', 'public')
  reset(@Session() session: Session): void {
    session.set('n', 1);
  }
}

const header = (name: string, value: string | string[]) => ({
  headers: { 'x-name': name, 'x-value': typeof value === 'string' ? value : JSON.stringify(value) },
});

const cors = (app: INestApplication) => app.enableCors({ origin: ['http://a.test', 'http://b.test'] });
const guard = (app: INestApplication) => app.useGlobalGuards(new WritingGuard(app.get(SessionManager)));

describeOnEachPlatform('The headers of a response', (platform) => {
  const start = (options: object = {}) => startApp(platform, { controllers: [controller], ...options });

  it('have exactly one cookie of ours, however often the session was changed', async () => {
    const reply = await (await start({ configure: guard })).client().get('/plain');
    expect(reply.setCookie).toHaveLength(1);
    expect(sentClaims(reply).data).toEqual({ guard: true, n: 1 });
  });

  it.each(['write', 'raw'])('keep the cookies of the application, in their order (/%s)', async (path) => {
    const app = await start();
    const one = await app.client().get(`/${path}`, header('Set-Cookie', 'sessions=1'));
    expect(one.setCookie).toEqual(['sessions=1', expect.stringMatching(/^session=/)]);
    const two = await app.client().get(`/${path}`, header('Set-Cookie', ['b=2; Path=/b', 'a=1']));
    expect(two.setCookie).toEqual(['b=2; Path=/b', 'a=1', expect.stringMatching(/^session=/)]);
  });

  it('keep the cookies of the application when the session was only read', async () => {
    const reply = await (await start()).client().get('/read', header('Set-Cookie', ['a=1', 'b=2']));
    expect(reply.setCookie).toEqual(['a=1', 'b=2']);
  });

  it.each([
    ['Accept', 'Accept, Cookie'],
    ['X-Cookie', 'X-Cookie, Cookie'],
    ['Accept,Cookie', 'Accept,Cookie'],
    ['cookie', 'cookie'],
    ['COOKIE , Accept', 'COOKIE , Accept'],
    ['*', '*'],
    [['Accept', 'Origin'], 'Accept, Origin, Cookie'],
    [['Accept', 'Cookie'], 'Accept, Cookie'],
  ])('have Vary: Cookie once, merged with %j', async (given, sent) => {
    const app = await start();
    for (const path of ['read', 'write', 'raw']) {
      expect([path, (await app.client().get(`/${path}`, header('Vary', given))).headers.vary]).toEqual([path, sent]);
    }
  });

  it('have Vary: Cookie beside the Vary of CORS', async () => {
    const init = { headers: { origin: 'http://b.test' } };
    const reply = await (await start({ configure: cors })).client().get('/plain', init);
    expect([reply.headers.vary, reply.headers['access-control-allow-origin']]).toEqual([
      'Origin, Cookie',
      'http://b.test',
    ]);
    expect(reply.setCookie).toHaveLength(1);
  });

  it('have the Vary of the application when the session was not touched', async () => {
    expect((await (await start()).client().get('/nothing', header('Vary', 'Accept'))).headers.vary).toBe('Accept');
  });

  it.each(['no-cache', 'max-age=600', 'max-age=0, must-revalidate'])(
    'have Cache-Control: %s of the application, and private, beside a cookie',
    async (given) => {
      const logger = new RecordingLogger();
      const app = await start({ logger });
      for (const path of ['write', 'raw']) {
        const reply = await app.client().get(`/${path}`, header('Cache-Control', given));
        expect([reply.setCookie.length, reply.headers['cache-control']]).toEqual([1, `${given}, private`]);
      }
      const client = app.client();
      await signIn(client, { n: 1 });
      expect((await client.get('/read', header('Cache-Control', given))).headers['cache-control']).toBe(given);
      expect(logger.lines).toEqual([]);
    },
  );

  it.each(['no-store', 'private, max-age=60', 'private, x-public-ish'])(
    'keep Cache-Control: %s of the application beside a cookie',
    async (given) => {
      const logger = new RecordingLogger();
      const app = await start({ logger });
      for (const path of ['write', 'raw']) {
        const reply = await app.client().get(`/${path}`, header('Cache-Control', given));
        expect([reply.setCookie.length, reply.headers['cache-control']]).toEqual([1, given]);
      }
      expect(logger.lines).toEqual([]);
    },
  );

  it.each(['public, max-age=60', 's-maxage=60', 'max-age=1, PUBLIC'])(
    'keep Cache-Control: %s beside a cookie, with one warning for each route',
    async (given) => {
      const logger = new RecordingLogger();
      const app = await start({ logger });
      for (const path of ['write?token=secret', 'raw', 'write#secret', 'write']) {
        const reply = await app.client().get(`/${path}`, header('Cache-Control', given));
        expect([reply.setCookie.length, reply.headers['cache-control']]).toEqual([1, given]);
      }
      expect(logger.lines).toEqual([publicWarning('GET /write'), publicWarning('GET /raw')]);
    },
  );

  it('name the pattern of a route in that warning, as a path may hold a secret', async () => {
    const logger = new RecordingLogger();
    const app = await start({ logger, controllers: [controller, PasswordController] });
    for (const token of ['one', 'two']) await app.client().get(`/passwords/${token}/reset?${token}`);
    expect(logger.lines).toEqual([publicWarning('GET /passwords/:token/reset')]);
  });

  it('may be public without a warning when the session was only read', async () => {
    const logger = new RecordingLogger();
    const client = (await start({ logger })).client();
    await signIn(client, { n: 1 });
    const reply = await client.get('/read', header('Cache-Control', 'public'));
    expect([reply.setCookie, reply.headers['cache-control'], logger.lines]).toEqual([[], 'public', []]);
  });

  it('say nothing to caches with cacheHeaders: false', async () => {
    const logger = new RecordingLogger();
    const app = await start({ logger, session: { cacheHeaders: false } });
    const plain = await app.client().get('/plain');
    expect(plain.setCookie).toHaveLength(1);
    expect([plain.headers.vary, plain.headers['cache-control']]).toEqual([undefined, undefined]);
    const reply = await app.client().get('/write', header('Cache-Control', 'public'));
    expect([reply.headers['cache-control'], logger.lines]).toEqual(['public', []]);
  });
});
