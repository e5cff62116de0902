import { expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  type INestApplication,
  type MiddlewareConsumer,
  Module,
  type NestModule,
} from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { AddressInfo } from 'node:net';
import { SessionManager, SessionModule } from 'nestjs-sessions';
import { describeOnEachPlatform, SECRET, startApp, suiteStore } from '../../support/app.js';
import { type AnyResponse, routes } from '../../support/routes.js';
import { selfSigned, setCookieOverTls } from '../../support/tls.js';
import { DELETION, sentCookie, signIn } from '../../support/tokens.js';

const controller = routes({ write: (session) => session.set('n', 1), destroy: (session) => session.destroy() });

/** Writes outside of a handler, where Fastify shows the raw request only. */
@Module({})
class WritingModule implements NestModule {
  constructor(private readonly sessions: SessionManager) {}

  configure(consumer: MiddlewareConsumer): void {
    const write = (request: object, response: object, next: () => void) => {
      this.sessions.open(request, response).set('m', 1);
      next();
    };
    consumer.apply(write).forRoutes('nowhere');
  }
}

/** Writes where something has failed. */
@Catch()
class WritingFilter implements ExceptionFilter {
  constructor(readonly sessions: SessionManager) {}

  catch(_error: unknown, host: ArgumentsHost): void {
    this.sessions.open(host).set('failed', true);
    host.switchToHttp().getResponse<AnyResponse>().status(400).send('refused');
  }
}

/** Has each request refused before any hook of a module runs, as an application's own hooks are. */
function refuseAtOnce(app: INestApplication): void {
  app.useGlobalFilters(new WritingFilter(app.get(SessionManager)));
  const adapter = app.getHttpAdapter();
  if (adapter.getType() === 'express') {
    app.use((_request: object, _response: object, next: (error: Error) => void) => next(new Error('refused')));
    return;
  }
  type Hook = (request: object, reply: object, done: (error: Error) => void) => void;
  const fastify = adapter.getInstance() as { addHook(name: 'onRequest', hook: Hook): void };
  fastify.addHook('onRequest', (_request, _reply, done) => done(new Error('refused')));
}

const CERTIFICATE = selfSigned();
const SECURE = ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'];
const INSECURE = ['Path=/', 'HttpOnly', 'SameSite=Lax'];
const HTTPS = { headers: { 'x-forwarded-proto': 'https' } };
const HTTP = { headers: { 'x-forwarded-proto': 'http' } };

describeOnEachPlatform('A cookie', (platform) => {
  const start = (secure?: boolean | 'auto', trustProxy = false) =>
    startApp(platform, {
      session: { ...(secure !== undefined && { secure }) },
      controllers: [controller],
      imports: [WritingModule],
      trustProxy,
    });
  const attributes = async (app: Awaited<ReturnType<typeof start>>, init: object = {}, path = '/write') => {
    const reply = await app.client().get(path, init);
    return sentCookie(reply).attributes.filter((attribute) => !attribute.startsWith('Max-Age='));
  };

  it.each([undefined, 'auto'] as const)('is not Secure over http (secure: %s)', async (secure) => {
    expect(await attributes(await start(secure))).toEqual(INSECURE);
  });

  it('is not Secure when a client claims to be a proxy with TLS and no proxy is trusted', async () => {
    expect(await attributes(await start(), HTTPS)).toEqual(INSECURE);
    expect(await attributes(await start(), HTTPS, '/nowhere')).toEqual(INSECURE);
  });

  it('is Secure behind a trusted proxy that speaks TLS', async () => {
    expect(await attributes(await start('auto', true), HTTPS)).toEqual(SECURE);
    expect(await attributes(await start('auto', true), HTTPS, '/nowhere')).toEqual(SECURE);
  });

  it('is Secure behind it also where a request is refused before it reaches a module', async () => {
    const app = await startApp(platform, { trustProxy: true, configure: refuseAtOnce });
    expect(await attributes(app, HTTPS)).toEqual(SECURE);
    expect(await attributes(app, HTTP)).toEqual(INSECURE);
  });

  it('is not Secure behind a trusted proxy that speaks http', async () => {
    expect(await attributes(await start('auto', true), HTTP)).toEqual(INSECURE);
    expect(await attributes(await start('auto', true))).toEqual(INSECURE);
  });

  it('is always Secure with secure: true', async () => {
    expect(await attributes(await start(true))).toEqual(SECURE);
  });

  it('is never Secure with secure: false', async () => {
    expect(await attributes(await start(false, true), HTTPS)).toEqual(INSECURE);
  });

  it('is deleted with Secure where it was set with Secure', async () => {
    const client = (await start('auto', true)).client();
    await signIn(client, { n: 1 });
    expect((await client.get('/destroy', HTTPS)).setCookie).toEqual([DELETION.replace('HttpOnly', 'HttpOnly; Secure')]);
  });

  const certificate = CERTIFICATE;
  if (certificate === undefined) {
    it.todo('is Secure with TLS of its own: not tested, there is no openssl to make a certificate');
    return;
  }

  it('is Secure with TLS of its own', async () => {
    const adapter = platform === 'fastify' ? new FastifyAdapter({ https: certificate }) : new ExpressAdapter();
    const imports = [SessionModule.forRoot(SECRET, suiteStore()), WritingModule];
    const module = await Test.createTestingModule({ imports, controllers: [controller] }).compile();
    const app = module.createNestApplication(adapter, { logger: false, httpsOptions: certificate });
    await app.listen(0, '127.0.0.1');
    try {
      const { port } = app.getHttpServer().address() as AddressInfo;
      for (const path of ['write', 'nowhere']) {
        const [line, ...others] = await setCookieOverTls(`https://127.0.0.1:${port}/${path}`);
        expect(line?.split('; ').slice(2)).toEqual(SECURE);
        expect(others).toEqual([]);
      }
    } finally {
      await app.close();
    }
  });
});
