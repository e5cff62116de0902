import { describe, expect, it } from '@jest/globals';
import { Controller, type DynamicModule, Get, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { cookieSession, flask, starlette } from '../../../lib/interop/index.js';
import { InjectSession, SessionManager, SessionModule, SessionService } from 'nestjs-sessions';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp, suiteStore } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { savedClaims } from '../../support/saved.js';
import { sentClaims } from '../../support/tokens.js';

const sessions = (options: object = {}): DynamicModule => SessionModule.forRoot({ secretKey: SECRET, ...options });
const sessionsAsync = (name: string | undefined, cookieName: string): DynamicModule =>
  SessionModule.forRootAsync({ name, useFactory: () => ({ secretKey: SECRET, cookieName }) });
const compile = (...imports: DynamicModule[]) => Test.createTestingModule({ imports }).compile();

describe('Two registrations', () => {
  it.each<[string, () => DynamicModule[], string, string]>([
    [
      'without a name',
      () => [sessions(), sessions({ cookieName: 'other' })],
      'name',
      'another SessionModule has the name "default". Import SessionModule.forRoot() once, in AppModule: it is global. Give a second session its own name and cookieName.',
    ],
    [
      'of one name',
      () => [sessions({ name: 'admin' }), sessions({ name: 'admin', cookieName: 'other' })],
      'name',
      'another SessionModule has the name "admin". Import SessionModule.forRoot() once, in AppModule: it is global. Give a second session its own name and cookieName.',
    ],
    [
      'of one name, one of them asynchronous',
      () => [sessions({ name: 'admin' }), sessionsAsync('admin', 'other')],
      'name',
      'another SessionModule has the name "admin". Import SessionModule.forRoot() once, in AppModule: it is global. Give a second session its own name and cookieName.',
    ],
    [
      'of one cookie',
      () => [sessions(), sessions({ name: 'admin' })],
      'cookieName',
      'another SessionModule has the cookie "session". Give each its own.',
    ],
    [
      'of one cookie, both asynchronous',
      () => [sessionsAsync(undefined, 'id'), sessionsAsync('admin', 'id')],
      'cookieName',
      'another SessionModule has the cookie "id". Give each its own.',
    ],
    [
      'of which one has the name of a further cookie of the other',
      () => [sessions({ name: 'admin', cookieName: 'session.1' }), sessions()],
      'cookieName',
      'another SessionModule has the cookie "session.1". Give each its own.',
    ],
    [
      'of which one has the name of the last further cookie of the other',
      () => [sessions(), sessions({ name: 'admin', cookieName: 'session.15' })],
      'cookieName',
      'another SessionModule has the cookie "session". Give each its own.',
    ],
    [
      'of which one accepts the cookie of the other',
      () => [
        sessions(),
        sessions({ name: 'b', cookieName: 'b', accept: [flask({ secretKey: SECRET, cookieName: 'session' })] }),
      ],
      'accept',
      'another SessionModule has the cookie "session". Give each its own.',
    ],
    [
      'of which one has the cookie that the other accepts',
      () => [
        sessions({ name: 'b', cookieName: 'b', accept: [flask({ secretKey: SECRET, cookieName: 'session' })] }),
        sessions(),
      ],
      'cookieName',
      'another SessionModule has the cookie "session". Give each its own.',
    ],
    [
      'with two codecs of one cookie',
      () => [
        sessions({ codec: flask({ secretKey: SECRET, cookieName: 'c' }) }),
        sessions({ name: 'b', cookieName: 'b', codec: starlette({ secretKey: SECRET, cookieName: 'c' }) }),
      ],
      'codec',
      'another SessionModule has the cookie "c". Give each its own.',
    ],
    [
      'of which one has the name of a companion of the other',
      () => [
        sessions({ accept: [cookieSession({ keys: [SECRET], acceptUntil: new Date('2100-01-01') })] }),
        sessions({ name: 'b', cookieName: 'session.sig' }),
      ],
      'cookieName',
      'another SessionModule has the cookie "session". Give each its own.',
    ],
    [
      'that accept the same old cookie',
      () =>
        ['a', 'b'].map((name) =>
          sessions({ name, cookieName: name, accept: [flask({ secretKey: SECRET, cookieName: 'old' })] }),
        ),
      'accept',
      'another SessionModule has the cookie "old". Give each its own.',
    ],
  ])('%s are an error at start', async (_, modules, option, why) => {
    await expect(compile(...modules())).rejects.toThrow(
      expect.objectContaining({
        name: 'SessionError',
        code: 'ERR_SESSION_OPTION_INVALID',
        message: `Cannot use the session option "${option}": ${why}`,
      }),
    );
  });

  it('of different names and cookies are none', async () => {
    const cookieNames = ['session.16', 'session.one', 'session2', 'Session'];
    const modules = cookieNames.map((cookieName) => sessions({ name: cookieName, cookieName }));
    await expect(compile(sessions(), ...modules)).resolves.toBeDefined();
  });

  it('may have the name of a cookie that a codec of the other has replaced', async () => {
    const codec = flask({ secretKey: SECRET, cookieName: 'c' });
    await expect(compile(sessions({ codec }), sessions({ name: 'b' }))).resolves.toBeDefined();
  });

  it.each([[''], [7], [{}]])('with the impossible name %j are an error at start', async (name) => {
    await expect(compile(sessions({ name }))).rejects.toThrow(
      expect.objectContaining({
        code: 'ERR_SESSION_OPTION_INVALID',
        message:
          'Cannot use the session option "name": its value is not possible. Give a text of at least one character.',
      }),
    );
  });
});

describe('A name', () => {
  it('is given beside the factory of options, not by it', async () => {
    const module = SessionModule.forRootAsync({ useFactory: () => ({ secretKey: SECRET, name: 'admin' }) });
    await expect(compile(module)).rejects.toThrow(
      expect.objectContaining({
        code: 'ERR_SESSION_OPTION_UNKNOWN',
        message: expect.stringMatching(
          /^Cannot use the session option "name": it does not exist\. Did you mean cookieName\?/,
        ),
      }),
    );
  });
});

describeOnEachPlatform('Sessions', (platform) => {
  const controller = routes({ write: (session) => session.set('n', (session.get('n') ?? 0) + 1) });

  it('of two applications in one process have nothing to do with each other', async () => {
    const first = await startApp(platform, { controllers: [controller] });
    const second = await startApp(platform, { session: { secretKey: OTHER_SECRET }, controllers: [controller] });
    const client = first.client();
    const reply = await client.get('/write');
    expect(sentClaims(reply).data).toEqual({ n: 1 });
    const stranger = second.client();
    await stranger.setCookie('session', (await client.cookie()) ?? '');
    expect(sentClaims(await stranger.get('/write')).data).toEqual({ n: 1 });
    expect((await savedClaims(client, await client.get('/write'))).data).toEqual({ n: 2 });
  });

  it('are there for the modules that import them, with isGlobal: false', async () => {
    const admin = sessions({ name: 'admin', cookieName: 'admin', isGlobal: false, ...suiteStore() });

    @Controller('admin')
    class AdminController {
      constructor(@InjectSession('admin') private readonly session: SessionService) {}

      @Get()
      write(): void {
        this.session.set('n', 1);
      }
    }

    @Module({ imports: [admin], controllers: [AdminController] })
    class AdminModule {}

    @Module({ controllers: [AdminController] })
    class OtherModule {}

    const app = await startApp(platform, { imports: [AdminModule], controllers: [controller] });
    expect(sentClaims(await app.client().get('/admin'), 'admin').data).toEqual({ n: 1 });
    expect(app.app.get(SessionManager).name).toBe('default');
    const rejected = Test.createTestingModule({ imports: [admin, OtherModule] }).compile();
    await expect(rejected).rejects.toThrow(
      /^Nest can't resolve dependencies of the AdminController \((\?|"SessionService\(admin\)")/,
    );
  });
});
