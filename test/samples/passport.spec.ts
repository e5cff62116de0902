import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { createApp } from '../../sample/passport/create-app.js';
import { SECRET } from '../support/app.js';
import { Client, type Reply } from '../support/client.js';
import { form } from '../support/form.js';
import { claimsOf, DELETION } from '../support/tokens.js';

describe('sample/passport', () => {
  let app: INestApplication;
  let client: Client;

  beforeEach(async () => {
    process.env.SESSION_SECRET = SECRET;
    app = await createApp();
    await app.listen(0, '127.0.0.1');
    client = new Client(await app.getUrl());
  });

  afterEach(() => app.close());

  const logIn = (username = 'ada', password = 'lovelace') => client.post('/login', form({ username, password }));

  it('shows a log-in form to a stranger, and begins no session', async () => {
    const reply = await client.get('/');
    expect(greeting(reply)).toBe('Hello anonymous');
    expect(reply.text).toContain('<form method="post" action="/login">');
    expect(reply.setCookie).toEqual([]);
  });

  it('leads a user who logs in to the account, under a new session id', async () => {
    await client.get('/account');
    const before = claimsOf((await client.cookie()) ?? '').jti;
    const reply = await logIn();
    const claims = claimsOf((await client.cookie()) ?? '');
    expect([reply.status, reply.headers.location]).toEqual([303, '/account']);
    expect(claims.data).toEqual({ passport: { user: 'ada' } });
    expect(claims.jti).not.toBe(before);
    const account = await client.get('/account');
    expect(greeting(account)).toBe('Account of ada');
    expect(account.text).toContain(`<pre id="id">${claims.jti}</pre>`);
    expect(account.text).toContain('{&quot;passport&quot;:{&quot;user&quot;:&quot;ada&quot;}}');
    expect(greeting(await client.get('/'))).toBe('Hello ada');
  });

  it.each([
    ['a wrong password', { username: 'ada', password: 'byron' }],
    ['a name that there is not', { username: 'bob', password: 'lovelace' }],
    ['two names', 'username=ada&username=bob&password=lovelace'],
    ['an empty form', {}],
  ])('leads back with %s, and says once why', async (_, fields) => {
    const request = typeof fields === 'string' ? { ...form({}), body: fields } : form(fields);
    const reply = await client.post('/login', request);
    expect([reply.status, reply.headers.location]).toEqual([303, '/']);
    const told = await client.get('/');
    expect(told.text).toContain('<p class="verdict bad" role="alert">Wrong name or password.</p>');
    expect(told.setCookie).toEqual([DELETION]);
    expect((await client.get('/')).text).not.toContain('role="alert"');
  });

  it('leads a stranger from the account to the log-in form', async () => {
    const reply = await client.get('/account');
    expect([reply.status, reply.headers.location]).toEqual([303, '/']);
    expect((await client.get('/')).text).toContain('role="alert">Please log in first.</p>');
  });

  it('deletes the cookie at log-out', async () => {
    await logIn();
    const reply = await client.post('/logout');
    expect([reply.status, reply.headers.location, reply.setCookie]).toEqual([303, '/', [DELETION]]);
    expect((await client.get('/account')).status).toBe(303);
    expect(greeting(await client.get('/'))).toBe('Hello anonymous');
  });

  it('is HTML that runs no script', async () => {
    await logIn();
    for (const path of ['/', '/account']) {
      const { headers, text } = await client.get(path);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(text).not.toMatch(/<script|https?:\/\//i);
    }
  });
});

function greeting({ text }: Reply): string | undefined {
  return /<h1>(.*)<\/h1>/.exec(text)?.[1];
}
