import { beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, type ExecutionContext, Get, Injectable, Req, UseGuards } from '@nestjs/common';
import { AuthGuard, PassportModule, PassportSerializer, PassportStrategy } from '@nestjs/passport';
import type { ServerResponse } from 'node:http';
import { Strategy } from 'passport-oauth2';
import { describeOnEachPlatform, type Platform, startApp } from '../../support/app.js';
import type { Client, Reply } from '../../support/client.js';
import { rawResponse } from '../../support/routes.js';
import { DELETION, sentClaims } from '../../support/tokens.js';
import type { ExpressRequest } from './support/express-session.js';
import { startProvider } from './support/oauth2-provider.js';
import { setUpPassport } from './support/passport-set-up.js';

const KEY = 'oauth2:127.0.0.1';

@Injectable()
class KeySerializer extends PassportSerializer {
  serializeUser(user: string, done: (error: unknown, key: string) => void): void {
    done(null, user);
  }

  deserializeUser(key: string, done: (error: unknown, user: string) => void): void {
    done(null, key);
  }
}

/** Strategies that redirect need a response that has what Node's has. */
@Injectable()
class OAuth2Guard extends AuthGuard('oauth2') {
  getResponse(context: ExecutionContext): ServerResponse {
    return rawResponse(context.switchToHttp().getResponse<object>());
  }
}

@Controller()
class SignInController {
  @Get()
  hello(@Req() request: ExpressRequest): unknown {
    return { user: request.user };
  }

  @Get('signin')
  @UseGuards(OAuth2Guard)
  signIn(): void {}

  @Get('callback')
  @UseGuards(OAuth2Guard)
  async callback(@Req() request: ExpressRequest): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      request.logIn(request.user ?? {}, (error: unknown) => (error === undefined ? resolve() : reject(error)));
    });
    return 'signed in';
  }
}

/** An application that signs in at a provider of its own. */
async function startClient(platform: Platform, pkce: boolean): Promise<Client> {
  const provider = await startProvider();

  @Injectable()
  class ProviderStrategy extends PassportStrategy(Strategy) {
    constructor() {
      super({
        authorizationURL: `${provider}/authorize`,
        tokenURL: `${provider}/token`,
        clientID: 'client',
        clientSecret: 'secret',
        callbackURL: 'http://application.example/callback',
        state: true,
        pkce,
      });
    }

    async validate(accessToken: string): Promise<string> {
      const response = await fetch(`${provider}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });
      return ((await response.json()) as { sub: string }).sub;
    }
  }

  const app = await startApp(platform, {
    imports: [PassportModule.register({ session: true })],
    controllers: [SignInController],
    providers: [ProviderStrategy, KeySerializer],
    configure: setUpPassport[platform],
  });
  return app.client();
}

describeOnEachPlatform('passport-oauth2', (platform) => {
  describe.each([
    ['state', false],
    ['state and PKCE', true],
  ])('with %s', (_, pkce) => {
    let client: Client;
    let begun: Reply;
    let state: string;

    beforeEach(async () => {
      client = await startClient(platform, pkce);
      begun = await client.get('/signin');
      state = new URL(begun.headers.location ?? '').searchParams.get('state') ?? '';
    });

    /** Lets the provider send the browser back. @returns the path that it is sent to */
    const permit = async () => {
      const { headers } = await client.get(begun.headers.location ?? '', { headers: { cookie: 'none=' } });
      const { pathname, search } = new URL(headers.location ?? '');
      return pathname + search;
    };

    it('keeps the state in the session while the visitor is at the provider', () => {
      expect(begun.status).toBe(302);
      expect(state).not.toBe('');
      const kept = sentClaims(begun).data[KEY];
      const expected = pkce ? { handle: state, code_verifier: expect.stringMatching(/^[\w-]{43}$/) } : state;
      expect(kept).toEqual({ state: expected });
    });

    it('signs in the visitor who comes back with that state, and keeps it no longer', async () => {
      const reply = await client.get(await permit());
      expect([reply.status, reply.text, sentClaims(reply).data]).toEqual([
        200,
        'signed in',
        { passport: { user: 'ada' } },
      ]);
      expect(sentClaims(reply).jti).not.toBe(sentClaims(begun).jti);
      expect((await client.get('/')).text).toBe('{"user":"ada"}');
    });

    it.each([
      ['another state', (path: string) => path.replace(state, 'A'.repeat(24))],
      ['no state', (path: string) => path.replace(/&state=.*/, '')],
    ])('refuses %s, and the state cannot be tried again', async (__, change) => {
      const path = await permit();
      const refused = await client.get(change(path));
      expect([refused.status, refused.setCookie]).toEqual([401, [DELETION]]);
      const again = await client.get(path);
      expect([again.status, again.setCookie, (await client.get('/')).text]).toEqual([401, [], '{}']);
    });

    it('refuses the state of another visitor', async () => {
      const path = await permit();
      await client.jar.removeAllCookies();
      await client.get('/signin');
      expect((await client.get(path)).status).toBe(401);
      expect((await client.get('/')).text).toBe('{}');
    });

    it('refuses a visitor who comes back without a session', async () => {
      const path = await permit();
      await client.jar.removeAllCookies();
      const reply = await client.get(path);
      expect([reply.status, reply.setCookie]).toEqual([401, []]);
    });
  });
});
