import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Req, Res } from '@nestjs/common';
import {
  InjectSessionManager,
  Session,
  SessionManager,
  type SessionModuleOptions,
  type SessionRejectReason,
  type SessionService,
  type SessionStoreOptions,
} from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { rawResponse } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';
import { claimsOf } from '../../support/tokens.js';

type Change = (session: SessionService) => unknown;

/** What a request does before it saves, and what it does after it has loaded its session again. */
const CHANGES: Readonly<Record<string, Change>> = {
  nothing: () => undefined,
  begin: (session) => session.update({ n: 1, m: 1 }),
  write: (session) => session.set('n', (session.get('n') ?? 0) + 1),
  regenerate: (session) => session.regenerate({ keep: ['n'] }),
  remember: (session) => (session.maxAge = 5_000_000),
  login: (session) => session.set('user', 'ada'),
  touch: (session) => session.touch(),
  rollback: (session) => session.rollback(),
  clear: (session) => session.clear(),
  destroy: (session) => session.destroy(),
};

@Controller()
class AgainController {
  constructor(@InjectSessionManager() private readonly sessions: SessionManager) {}

  @Get('do/:first')
  first(@Session() session: SessionService, @Req() { params }: { params: { first: string } }): void {
    CHANGES[params.first]?.(session);
  }

  /** Answers with what it has read after it has loaded its session again. */
  @Get('again/:first/:then')
  async again(
    @Session() session: SessionService,
    @Req() request: { params: { first: string; then: string } },
  ): Promise<string> {
    CHANGES[request.params.first]?.(session);
    const { id } = session;
    await session.save();
    await this.sessions.load(request);
    const read = JSON.stringify([session.id === id, session.isNew, session.data]);
    CHANGES[request.params.then]?.(session);
    return read;
  }

  @Get('unawaited')
  async unawaited(@Session() session: SessionService, @Req() request: object): Promise<string> {
    session.update({ n: 1 });
    void session.save();
    await this.sessions.load(request);
    return JSON.stringify(session.data);
  }

  @Get('unused')
  async unused(@Session() session: SessionService, @Req() request: object): Promise<void> {
    session.update({ n: 1 });
    await session.save();
    await this.sessions.load(request);
  }

  @Get('failing')
  async failing(@Session() session: SessionService, @Req() request: object): Promise<string> {
    session.update({ n: 1 });
    await session.save().catch(() => undefined);
    await this.sessions.load(request);
    return JSON.stringify(session.data);
  }

  @Get('sent')
  async sent(@Session() session: SessionService, @Req() request: object, @Res() response: object): Promise<void> {
    session.update({ n: 1 });
    await session.save();
    const raw = rawResponse(response);
    raw.flushHeaders();
    await this.sessions.load(request);
    raw.end(JSON.stringify(session.data));
  }

  @Get('read')
  read(@Session() session: SessionService): string {
    return JSON.stringify(session.data);
  }
}

describeOnEachPlatform('A session that its request has saved and loads again', (platform) => {
  describe.each(['store', 'cookie'] as const)("with data: '%s'", (data) => {
    const start = async (options: Partial<SessionStoreOptions> = {}, session: Partial<SessionModuleOptions> = {}) => {
      stopClock();
      const store = new TestStore();
      const reasons: SessionRejectReason[] = [];
      const told: string[] = [];
      const { client } = await startApp(platform, {
        session: {
          store: { store, data, ...options },
          onReject: (reason) => reasons.push(reason),
          onCreate: () => told.push('created'),
          onRenew: ({ reason }) => told.push(reason),
          onDestroy: ({ reason }) => told.push(reason),
          ...session,
        },
        controllers: [AgainController],
      });
      return { store, reasons, told, visitor: client() };
    };

    const begun = async (...args: Parameters<typeof start>) => {
      const started = await start(...args);
      await started.visitor.get('/do/begin');
      started.told.length = 0;
      return started;
    };

    it.each([
      ['nothing', { n: 1, m: 1 }],
      ['write', { n: 2, m: 1 }],
      ['touch', { n: 1, m: 1 }],
      ['rollback', { n: 1, m: 1 }],
      ['regenerate', { n: 1 }],
      ['login', { n: 1, m: 1, user: 'ada' }],
    ])(
      'is the new one that it has begun, whose cookie leaves, also where it goes on with: %s',
      async (then, expected) => {
        const { reasons, told, visitor, store } = await start({ subject: ({ user }) => user as string | undefined });
        const { text, setCookie } = await visitor.get(`/again/begin/${then}`);
        expect([text, setCookie.length]).toEqual(['[true,true,{"n":1,"m":1}]', 1]);
        expect([await dataOf(visitor), reasons, told]).toEqual([expected, [], ['created']]);
        expect(store.records.size).toBe(data === 'store' || then === 'login' ? 1 : 0);
      },
    );

    it.each(['clear', 'destroy'])('is gone where it is ended then, and nothing is sent: %s', async (then) => {
      const { told, visitor, store } = await start();
      const { setCookie } = await visitor.get(`/again/begin/${then}`);
      expect([setCookie, store.records.size, told]).toEqual([[], 0, []]);
    });

    it('is the one that it has regenerated', async () => {
      const { reasons, told, visitor, store } = await begun();
      const { text, setCookie } = await visitor.get('/again/regenerate/write');
      expect([text, setCookie.length]).toEqual(['[true,false,{"n":1}]', 1]);
      expect([await dataOf(visitor), reasons, told, store.records.size]).toEqual([{ n: 2 }, [], ['regenerated'], 1]);
    });

    it('has the lifetime that it was given, in its cookie as well', async () => {
      const { visitor } = await begun();
      await visitor.get('/again/remember/nothing');
      const { exp, ttl } = claimsOf((await visitor.cookie()) ?? '');
      expect([exp - START, ttl]).toEqual([5_000_000, 5_000_000]);
      setClock(4_999_999);
      expect(await dataOf(visitor)).toEqual({ n: 1, m: 1 });
    });

    it('is empty where it was ended, and the deletion of its cookie leaves', async () => {
      const { told, visitor } = await begun();
      const { text, setCookie } = await visitor.get('/again/destroy/nothing');
      expect([text, setCookie]).toEqual(['[false,true,{}]', [expect.stringMatching(/^session=; Max-Age=0/)]]);
      expect(told).toEqual(['destroyed']);
    });

    it('is the one that was changed, also where no cookie is needed', async () => {
      const { visitor } = await begun();
      expect((await visitor.get('/again/write/write')).text).toBe('[true,false,{"n":2,"m":1}]');
      expect(await dataOf(visitor)).toEqual({ n: 3, m: 1 });
    });

    it('is empty, and its cookie does not leave, where another request has ended it meanwhile', async () => {
      const { store, visitor } = await start();
      store.after = async (command) => {
        if (command === 'create') await store.revoke();
      };
      const { text, setCookie } = await visitor.get('/again/begin/nothing');
      expect([text, setCookie]).toEqual(['[false,true,{}]', []]);
    });

    it('is loaded after a save that nothing has waited for', async () => {
      const { visitor } = await start();
      expect((await visitor.get('/unawaited')).text).toBe('{"n":1}');
      expect(await dataOf(visitor)).toEqual({ n: 1 });
    });

    it('leaves its cookie, also where it is not used after that', async () => {
      const { visitor } = await start();
      expect((await visitor.get('/unused')).setCookie).toHaveLength(1);
      expect(await dataOf(visitor)).toEqual({ n: 1 });
    });

    it('is empty where the save has failed, and no cookie leaves', async () => {
      const { store, visitor } = await start();
      store.before = (command) => (command === 'create' ? Promise.reject(new Error('down')) : undefined);
      const { text, setCookie } = await visitor.get('/failing');
      expect([text, setCookie]).toEqual(['{}', []]);
    });

    it('is the one whose cookie has left', async () => {
      const { visitor } = await start();
      expect((await visitor.get('/sent')).text).toBe('{"n":1}');
      expect(await dataOf(visitor)).toEqual({ n: 1 });
    });

    it('passes the schema as one from a cookie does', async () => {
      const schema = {
        '~standard': {
          version: 1,
          vendor: 'hand',
          validate: (value: unknown) => ({ value: { ...(value as object), seen: true } }),
        },
      } as const;
      const { visitor } = await start({}, { schema });
      expect((await visitor.get('/again/begin/nothing')).text).toBe('[true,true,{"n":1,"m":1,"seen":true}]');
    });

    it('may be encrypted, and written by a serializer', async () => {
      const serializer = { stringify: JSON.stringify, parse: (text: string) => JSON.parse(text) as unknown };
      const { visitor } = await start({}, { encrypt: true, serializer });
      expect((await visitor.get('/again/begin/write')).text).toBe('[true,true,{"n":1,"m":1}]');
      expect(await dataOf(visitor)).toEqual({ n: 2, m: 1 });
    });
  });
});

describeOnEachPlatform('Without a store', (platform) => {
  it('a session is not loaded again, and what has changed is saved', async () => {
    const { client } = await startApp(platform, { session: { store: undefined }, controllers: [AgainController] });
    const visitor = client();
    expect((await visitor.get('/again/begin/write')).text).toBe('[true,true,{"n":1,"m":1}]');
    expect(await dataOf(visitor)).toEqual({ n: 2, m: 1 });
  });
});

async function dataOf(visitor: Client): Promise<object> {
  return JSON.parse((await visitor.get('/read')).text) as object;
}
