import { beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { parseCookie } from 'cookie';
import { doubleCsrf } from 'csrf-csrf';
import type { RequestHandler, Response } from 'express';
import { SessionManager } from 'nestjs-sessions';
import type { Client } from '../../support/client.js';
import { savedClaims } from '../../support/saved.js';
import { sentCookie } from '../../support/tokens.js';
import { type ExpressRequest, startExpress } from './support/express-session.js';

const COOKIE = 'csrf';
const REFUSED = '{"statusCode":403,"message":"invalid csrf token"}';

/** What cookie-parser does, which csrf-csrf needs. */
const cookies: RequestHandler = (request, _, next) => {
  request.cookies = parseCookie(request.headers.cookie ?? '');
  next();
};

@Controller()
class FormController {
  constructor(private readonly sessions: SessionManager) {}

  /** A session without data has no cookie, and another id on each request: one is begun for the form. */
  @Get('form')
  form(@Req() request: ExpressRequest): string | undefined {
    request.session.hasForm = true;
    return request.csrfToken?.();
  }

  @Get('form-without-session')
  formWithout(@Req() request: ExpressRequest): string | undefined {
    return request.csrfToken?.();
  }

  @Get('nothing')
  nothing(): void {}

  @Post('change')
  change(@Req() request: ExpressRequest): string {
    this.sessions.open(request).set('changed', true);
    return 'changed';
  }

  @Post('login')
  logIn(@Req() request: ExpressRequest, @Res() response: Response): void {
    request.session.regenerate(() => {
      request.session.user = 'ada';
      response.send(request.csrfToken?.({ overwrite: true }));
    });
  }
}

const WAYS: Readonly<Record<string, (manager: SessionManager) => (request: object) => string>> = {
  'request.session.id': () => (request) => (request as ExpressRequest).session.id,
  'SessionManager.open()': (manager) => (request) => manager.open(request).id,
};

describe.each(Object.entries(WAYS))('csrf-csrf with %s', (_, wayOf) => {
  let client: Client;

  beforeEach(async () => {
    const app = await startExpress({
      controllers: [FormController],
      configure(nest) {
        const { doubleCsrfProtection } = doubleCsrf({
          getSecret: () => 'a secret of its own for the tokens',
          getSessionIdentifier: wayOf(nest.get(SessionManager)),
          cookieName: COOKIE,
          cookieOptions: { secure: false, sameSite: 'lax' },
        });
        nest.use(cookies, doubleCsrfProtection);
      },
    });
    client = app.client();
  });

  const change = (token: string) => client.post('/change', { headers: { 'x-csrf-token': token } });

  it('accepts the token of a form, also for several requests', async () => {
    const { text: token } = await client.get('/form');
    const reply = await change(token);
    expect([reply.status, reply.text, (await savedClaims(client, reply)).data]).toEqual([
      201,
      'changed',
      { hasForm: true, changed: true },
    ]);
    expect((await change(token)).status).toBe(201);
  });

  it.each([
    ['no token', () => ''],
    ['a token that was changed', (token: string) => `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`],
    ['half a token', (token: string) => token.split('.')[0] ?? ''],
  ])('refuses %s', async (__, forge) => {
    const { text: token } = await client.get('/form');
    const reply = await change(forge(token));
    expect([reply.status, reply.text, reply.setCookie]).toEqual([403, REFUSED, []]);
  });

  it('refuses the token of another session, with the cookie to it', async () => {
    const theirs = await client.get('/form');
    await client.jar.removeAllCookies();
    await client.get('/form');
    await client.setCookie(COOKIE, sentCookie(theirs, COOKIE).value);
    expect((await change(theirs.text)).status).toBe(403);
  });

  it('refuses the token from before log-in, and accepts the one that log-in gives', async () => {
    const { text: token } = await client.get('/form');
    const before = await client.cookie(COOKIE);
    const { text: fresh } = await client.post('/login', { headers: { 'x-csrf-token': token } });
    expect((await change(fresh)).status).toBe(201);
    await client.setCookie(COOKIE, before ?? '');
    expect((await change(token)).status).toBe(403);
  });

  it('begins no session by itself, so that a token without one is of no use', async () => {
    const reply = await client.get('/form-without-session');
    expect(reply.setCookie).toEqual([expect.stringMatching(/^csrf=/)]);
    expect((await change(reply.text)).status).toBe(403);
    expect(await client.cookieNames()).toEqual([COOKIE]);
  });

  it('leaves requests alone that are safe and ask for no token', async () => {
    const { headers, setCookie } = await client.get('/nothing');
    expect([headers.vary, setCookie]).toEqual([undefined, []]);
  });
});
