import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Inject } from '@nestjs/common';
import {
  InjectSession,
  InjectSessionManager,
  Session,
  SessionManager,
  SessionModule,
  SessionService,
} from 'nestjs-sessions';
import { getSessionManagerToken, getSessionToken } from 'nestjs-sessions';
import { describeOnEachPlatform, OTHER_SECRET, startApp, type TestApp, suiteStore } from '../../support/app.js';
import type { Reply } from '../../support/client.js';
import { COOKIES_OF_A_CHANGE, savedClaims } from '../../support/saved.js';
import { forge, sentClaims, sentCookie } from '../../support/tokens.js';

const ADMIN = { name: 'admin', cookieName: 'admin', secretKey: OTHER_SECRET, ...suiteStore() } as const;

@Controller()
class BothController {
  constructor(
    private readonly injected: SessionService,
    @InjectSession('admin') private readonly injectedAdmin: SessionService,
    @Inject(SessionManager) private readonly sessions: SessionManager,
    @InjectSessionManager('admin') private readonly admins: SessionManager,
  ) {}

  @Get('same')
  same(@Session() session: Session, @Session({ name: 'admin' }) admin: Session): boolean[] {
    const isDefault = session === this.injected && this.sessions.name === 'default';
    return [isDefault, admin === this.injectedAdmin && this.admins.name === 'admin', (session as object) === admin];
  }

  @Get('write')
  write(@Session() session: Session): void {
    session.set('user', 'tom');
    this.injectedAdmin.set('user', 'root');
  }

  @Get('one')
  one(@Session({ name: 'admin' }) admin: Session): void {
    admin.set('user', 'ann');
  }

  @Get('values')
  values(@Session('user') user: unknown, @Session({ name: 'admin', key: 'user' }) admin: unknown): unknown[] {
    return [user ?? null, admin ?? null];
  }

  @Get('regenerate')
  regenerate(): void {
    this.injectedAdmin.regenerate({ keep: ['user'] });
  }

  @Get('destroy')
  destroy(): void {
    this.injectedAdmin.destroy();
  }

  @Get('unknown')
  unknown(@Session({ name: 'guest' }) _session: Session): void {}
}

const valuesOf = ({ text }: Reply) => JSON.parse(text) as unknown;

describeOnEachPlatform('A named session', (platform) => {
  describe.each([
    ['forRoot', SessionModule.forRoot(ADMIN)],
    [
      'forRoot with a secret',
      SessionModule.forRoot(OTHER_SECRET, { name: 'admin', cookieName: 'admin', ...suiteStore() }),
    ],
    [
      'forRootAsync',
      SessionModule.forRootAsync({
        name: 'admin',
        useFactory: () => Promise.resolve({ secretKey: OTHER_SECRET, cookieName: 'admin', ...suiteStore() }),
      }),
    ],
  ])('by %s', (_, module) => {
    const start = (): Promise<TestApp> => startApp(platform, { imports: [module], controllers: [BothController] });

    it('is the same object by decorator and by injection, and another than the default one', async () => {
      const app = await start();
      expect(valuesOf(await app.client().get('/same'))).toEqual([true, true, false]);
      expect(app.app.get(getSessionManagerToken('admin'))).not.toBe(app.app.get(SessionManager));
    });

    it('has a cookie and a secret of its own', async () => {
      const client = (await start()).client();
      const reply = await client.get('/write');
      expect(reply.setCookie).toHaveLength(2);
      expect(reply.setCookie.map((line) => line.split('=', 1)[0])).toEqual(
        expect.arrayContaining(['admin', 'session']),
      );
      expect([sentClaims(reply).data, sentClaims(reply, 'admin').data]).toEqual([{ user: 'tom' }, { user: 'root' }]);
      expect(sentClaims(reply).jti).not.toBe(sentClaims(reply, 'admin').jti);
      expect([reply.headers.vary, reply.headers['cache-control']]).toEqual(['Cookie', 'private, no-store']);
      expect(valuesOf(await client.get('/values'))).toEqual(['tom', 'root']);
    });

    it('is opened by its own secret and name only', async () => {
      const client = (await start()).client();
      const values = async (token: string) => {
        await client.setCookie('admin', token);
        return valuesOf(await client.get('/values'));
      };
      const data = { user: 'root' };
      await expect(values(forge(data))).resolves.toEqual([null, null]);
      await expect(values(forge(data, { secret: OTHER_SECRET }))).resolves.toEqual([null, null]);
      await expect(values(forge(data, { cookieName: 'admin' }))).resolves.toEqual([null, null]);
      const token = forge(data, { secret: OTHER_SECRET, cookieName: 'admin' });
      await expect(values(token)).resolves.toEqual([null, 'root']);
    });

    it('is written without the other', async () => {
      const client = (await start()).client();
      await client.get('/write');
      const reply = await client.get('/one');
      expect(reply.setCookie).toHaveLength(COOKIES_OF_A_CHANGE);
      expect((await savedClaims(client, reply, 'admin')).data).toEqual({ user: 'ann' });
      expect(valuesOf(await client.get('/values'))).toEqual(['tom', 'ann']);
    });

    it('is regenerated without the other', async () => {
      const client = (await start()).client();
      const before = sentClaims(await client.get('/write'), 'admin');
      const reply = await client.get('/regenerate');
      expect(reply.setCookie).toHaveLength(1);
      const after = sentClaims(reply, 'admin');
      expect(after.data).toEqual(before.data);
      expect(after.jti).not.toBe(before.jti);
    });

    it('is destroyed without the other', async () => {
      const client = (await start()).client();
      await client.get('/write');
      const reply = await client.get('/destroy');
      expect(reply.setCookie).toHaveLength(1);
      expect(sentCookie(reply, 'admin')).toEqual({ value: '', attributes: expect.arrayContaining(['Max-Age=0']) });
      expect(valuesOf(await client.get('/values'))).toEqual(['tom', null]);
    });

    it('that is not registered is an error', async () => {
      expect((await (await start()).client().get('/unknown')).status).toBe(500);
    });
  });
});

describe('The tokens of sessions', () => {
  it('are the classes for the default one, and text with the name for others', () => {
    expect([getSessionToken(), getSessionManagerToken()]).toEqual([SessionService, SessionManager]);
    expect([getSessionToken('default'), getSessionManagerToken('default')]).toEqual([SessionService, SessionManager]);
    expect(getSessionToken('admin')).toBe('SessionService(admin)');
    expect(getSessionManagerToken('admin')).toBe('SessionManager(admin)');
  });
});
