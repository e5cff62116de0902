import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Session } from 'nestjs-sessions';
import { OTHER_SECRET, startApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { exportOf } from '../../support/documents.js';
import { savedClaims } from '../../support/saved.js';

interface CsrfRequest {
  csrfToken(options?: { overwrite: boolean }): string;
}

@Controller()
class FormController {
  /** A session without data has no cookie, and another id on each request: one is begun for the form. */
  @Get('form')
  form(@Session() session: Session, @Req() request: CsrfRequest): string {
    session.set('hasForm', true);
    return request.csrfToken();
  }

  @Post('change')
  change(@Session() session: Session): string {
    session.set('changed', true);
    return 'changed';
  }

  @Post('login')
  logIn(@Session() session: Session, @Req() request: CsrfRequest): string {
    session.regenerate();
    session.set('user', 'ada');
    return request.csrfToken({ overwrite: true });
  }
}

describe('csrf-csrf on Fastify, by protect() of docs/express.md', () => {
  let client: Client;

  beforeAll(() => void (process.env.CSRF_SECRET = OTHER_SECRET));
  afterAll(() => void Reflect.deleteProperty(process.env, 'CSRF_SECRET'));

  beforeEach(async () => {
    const protect = await exportOf<(app: NestFastifyApplication) => Promise<void>>('docs/express.md', 'protect');
    const app = await startApp('fastify', {
      controllers: [FormController],
      configure: (nest) => protect(nest as NestFastifyApplication),
    });
    client = app.client();
  });

  const change = (token: string) => client.post('/change', { headers: { 'x-csrf-token': token } });

  it('accepts the token of a form', async () => {
    const reply = await change((await client.get('/form')).text);
    expect([reply.status, reply.text, (await savedClaims(client, reply)).data]).toEqual([
      201,
      'changed',
      { hasForm: true, changed: true },
    ]);
  });

  it.each([
    ['no token', () => ''],
    ['a token that was changed', (token: string) => `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`],
  ])('refuses %s', async (_, forge) => {
    const { text: token } = await client.get('/form');
    const reply = await change(forge(token));
    expect([reply.status, reply.setCookie]).toEqual([403, []]);
  });

  it('refuses the token of another session', async () => {
    const { text: theirs } = await client.get('/form');
    const csrf = (await client.cookie('csrf')) ?? '';
    await client.jar.removeAllCookies();
    await client.get('/form');
    await client.setCookie('csrf', csrf);
    expect((await change(theirs)).status).toBe(403);
  });

  it('refuses the token from before log-in, and accepts the one that log-in gives', async () => {
    const { text: token } = await client.get('/form');
    const before = (await client.cookie('csrf')) ?? '';
    const { text: fresh } = await client.post('/login', { headers: { 'x-csrf-token': token } });
    expect((await change(fresh)).status).toBe(201);
    await client.setCookie('csrf', before);
    expect((await change(token)).status).toBe(403);
  });
});
