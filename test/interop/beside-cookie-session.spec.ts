import { describe, expect, it } from '@jest/globals';
import type { RequestHandler } from 'express';
import { createRequire } from 'node:module';
import { cookieSession } from '../../lib/interop/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { routes } from '../support/routes.js';
import { sentClaims } from '../support/tokens.js';
import { ACCEPT_UNTIL } from './support/formats.js';

// It has no types of its own.
const realCookieSession = createRequire(import.meta.url)('cookie-session') as (options: object) => RequestHandler;

const KEYS = ['the newest key of cookie-session', 'an older key of cookie-session..'];
const controller = routes({
  hello: (session) => `Hello ${session.get('user') ?? 'anonymous'}`,
  login: (session) => session.set('user', 'tom'),
  logout: (session) => session.destroy(),
});

/** One Express process: what is below /old has the session of cookie-session, everything else has ours. */
function start(session: object): Promise<TestApp> {
  return startApp('express', {
    controllers: [controller],
    session,
    configure(app) {
      app.use('/old', realCookieSession({ name: 'session', keys: KEYS }));
      app.use('/old', ((request, response) => {
        const old = request as unknown as { session: { user?: string } | null };
        if (request.url === '/login') old.session = { user: 'mike' };
        if (request.url === '/logout') old.session = null;
        response.send(`Hello ${old.session?.user ?? 'anonymous'}`);
      }) satisfies RequestHandler);
    },
  });
}

describe('cookie-session in the same process', () => {
  it('shares live sessions with ours when its format is the codec', async () => {
    const client = (await start({ codec: cookieSession({ keys: KEYS, acceptUntil: ACCEPT_UNTIL }) })).client();
    await client.get('/old/login');
    expect((await client.get('/hello')).text).toBe('Hello mike');
    await client.get('/login');
    expect((await client.get('/old')).text).toBe('Hello tom');
    await client.get('/logout');
    expect((await client.get('/old')).text).toBe('Hello anonymous');
    await client.get('/old/login');
    await client.get('/old/logout');
    expect((await client.get('/hello')).text).toBe('Hello anonymous');
  });

  it('hands its sessions over to ours when its format is accepted, and all users stay logged in', async () => {
    const client = (await start({ accept: [cookieSession({ keys: KEYS, acceptUntil: ACCEPT_UNTIL })] })).client();
    await client.get('/old/login');
    const first = await client.get('/hello');
    expect(first.text).toBe('Hello mike');
    expect(sentClaims(first).data).toEqual({ user: 'mike' });
    expect(await client.cookie('session.sig')).toBeUndefined();
    const second = await client.get('/hello');
    expect([second.text, second.setCookie]).toEqual(['Hello mike', []]);
  });
});
