import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, Req, UseGuards } from '@nestjs/common';
import {
  CsrfGuard,
  InjectSessionManager,
  Session,
  SessionManager,
  type SessionService,
  type SessionStoreOptions,
} from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { TestStore } from '../../support/stores.js';

/** Log-ins that leave the session as it is: it knows of them by the option `subject`. */
@Controller()
class LoginController {
  constructor(@InjectSessionManager() private readonly sessions: SessionManager) {}

  @Get('token')
  token(@Session() session: SessionService): string {
    return session.csrfToken();
  }

  @Get('begin')
  begin(@Session() session: SessionService): void {
    session.set('n', 1);
  }

  @Get('login')
  login(@Session() session: SessionService): void {
    session.set('user', 'ada');
  }

  @Get('login-then-token')
  loginThenToken(@Session() session: SessionService): string {
    session.set('user', 'ada');
    return JSON.stringify([session.csrfToken(), session.csrfToken()]);
  }

  @Get('token-then-login')
  tokenThenLogin(@Session() session: SessionService): string {
    const tokens = [session.csrfToken(), session.csrfToken()];
    session.set('user', 'ada');
    return JSON.stringify(tokens);
  }

  @Get('token-save-login')
  async tokenSaveLogin(@Session() session: SessionService): Promise<string> {
    const tokens = [session.csrfToken()];
    await session.save();
    session.set('user', 'ada');
    return JSON.stringify(tokens);
  }

  @Get('token-save-load-login')
  async tokenSaveLoadLogin(@Session() session: SessionService, @Req() request: object): Promise<string> {
    const tokens = [session.csrfToken()];
    await session.save();
    await this.sessions.load(request);
    session.set('user', 'ada');
    return JSON.stringify(tokens);
  }

  @Get('empty-save-token')
  async emptySaveToken(@Session() session: SessionService): Promise<string> {
    session.clear();
    await session.save();
    session.maxAge = 5000;
    return session.csrfToken();
  }

  @Get('token-then-clear')
  tokenThenClear(@Session() session: SessionService): void {
    session.csrfToken();
    session.clear();
  }

  @Get('max-age')
  maxAge(@Session() session: SessionService): string {
    return String(session.maxAge);
  }

  @Get('many')
  many(@Session() session: SessionService): string {
    session.csrfToken();
    session.set('user', 'ada');
    return JSON.stringify(Array.from({ length: 20 }, () => session.csrfToken()));
  }

  @Get('taken-back')
  takenBack(@Session() session: SessionService): string {
    const token = session.csrfToken();
    session.set('user', 'ada');
    session.rollback();
    return token;
  }

  @Get('secret')
  secret(@Session() session: SessionService): string {
    return JSON.stringify(session.data.$csrf ?? null);
  }

  @Post('change')
  @UseGuards(CsrfGuard)
  change(): string {
    return 'changed';
  }
}

const subject: SessionStoreOptions['subject'] = ({ user }) => user as string | undefined;

describeOnEachPlatform('The CSRF secret of a session whose person changes without regenerate()', (platform) => {
  describe.each(['store', 'cookie'] as const)("with data: '%s'", (data) => {
    const start = async (store = new TestStore()) => {
      const session = { store: { store, data, subject } };
      const { client } = await startApp(platform, { session, controllers: [LoginController] });
      return client();
    };

    it.each(['/login', '/login-then-token', '/token-then-login', '/token-save-login', '/many'])(
      'is another one, and tokens from before are refused: %s',
      async (path) => {
        const client = await start();
        const { text: before } = await client.get('/token');
        const secret = await secretOf(client);
        expect(await isAccepted(client, before)).toBe(true);
        expect((await client.get(path)).setCookie).toHaveLength(1);
        expect(await isAccepted(client, before)).toBe(false);
        const { text: after } = await client.get('/token');
        expect(await isAccepted(client, after)).toBe(true);
        expect((await secretOf(client))?.slice(0, 22)).not.toBe(secret);
        expect(await secretOf(client)).not.toContain(secret);
      },
    );

    it.each(['/login-then-token', '/token-then-login', '/token-save-login'])(
      'leaves the tokens valid that the same request has given, whose secret was there before or is new: %s',
      async (path) => {
        for (const earlier of [['/token'], ['/begin'], []]) {
          const client = await start();
          for (const each of earlier) await client.get(each);
          const tokens = JSON.parse((await client.get(path)).text) as string[];
          for (const token of tokens) expect([earlier, await isAccepted(client, token)]).toEqual([earlier, true]);
          for (const token of tokens)
            expect(
              await isAccepted(
                client,
                token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
              ),
            ).toBe(false);
        }
      },
    );

    it('leaves the token valid that the request has given before it saved and loaded the session', async () => {
      const client = await start();
      const [token = ''] = JSON.parse((await client.get('/token-save-load-login')).text) as string[];
      expect(await isAccepted(client, token)).toBe(true);
    });

    it('stays with the lifetime where the request has emptied and saved its session before', async () => {
      const client = await start();
      await client.get('/login');
      const { text: token } = await client.get('/empty-save-token');
      expect(await isAccepted(client, token)).toBe(true);
      expect([(await client.get('/max-age')).text, await secretOf(client)]).toEqual(['5000', expect.any(String)]);
    });

    it('does not begin a session that was emptied after its token was given', async () => {
      const store = new TestStore();
      for (const earlier of ['/login', '/token']) {
        const client = await start(store);
        await client.get(earlier);
        const { setCookie } = await client.get('/token-then-clear');
        expect([earlier, setCookie.join()]).toEqual([earlier, expect.stringContaining('Max-Age=0')]);
        expect([earlier, store.records.size]).toEqual([earlier, 0]);
      }
    });

    it('is there only once a token is asked for', async () => {
      const client = await start();
      await client.get('/token');
      await client.get('/login');
      expect(await secretOf(client)).toBeNull();
    });

    it('is kept beside one token, however often the request has asked for one', async () => {
      const client = await start();
      await client.get('/token');
      const [token = '', ...others] = JSON.parse((await client.get('/many')).text) as string[];
      expect(others).toEqual(others.map(() => token));
      expect(await isAccepted(client, token)).toBe(true);
      expect(await secretOf(client)).toHaveLength(45);
    });

    it('is as it was where the change of person is rolled back', async () => {
      const client = await start();
      const { text: before } = await client.get('/token');
      const { text: token } = await client.get('/taken-back');
      expect([await isAccepted(client, before), await isAccepted(client, token)]).toEqual([true, true]);
    });
  });
});

async function isAccepted(client: Client, token: string): Promise<boolean> {
  const { status } = await client.post('/change', { headers: { 'x-csrf-token': token } });
  expect([201, 403]).toContain(status);
  return status === 201;
}

async function secretOf(client: Client): Promise<string | null> {
  return JSON.parse((await client.get('/secret')).text) as string | null;
}
