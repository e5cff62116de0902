import { describe, expect, it } from '@jest/globals';
import { PLATFORMS, startApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { routes } from '../../support/routes.js';
import { sentCookie } from '../../support/tokens.js';
import { PEER_SECRET } from '../support/migrated.js';
import {
  serveCookieSession,
  serveExpressSession,
  serveFastifySession,
  serveSecureSession,
} from '../support/peer-servers.js';

const controller = routes({
  login: (session) => session.set('user', 'ada'),
  large: (session) => session.set('user', 'x'.repeat(5000)),
  fails: (session) => {
    session.set('attempts', 1);
    throw new Error('refused');
  },
});

const logIn = (session: object): void => void Object.assign(session, { user: 'ada' });

/** What browsers drop. */
const isTooLarge = (lines: readonly string[]) => lines.map((line) => line.length > 4096);

describe('The peers', () => {
  it('send no Secure cookie over plain HTTP', async () => {
    const silent = [
      await serveExpressSession({ cookie: { secure: true } }, logIn),
      await serveFastifySession({ cookie: { secure: true } }, (session) => session.set('user', 'ada')),
    ];
    for (const url of silent) {
      const { status, setCookie } = await new Client(url).get('/');
      expect([status, setCookie]).toEqual([200, []]);
    }
    const failing = await serveCookieSession({ keys: [PEER_SECRET], secure: true }, logIn);
    const { status, setCookie } = await new Client(failing).get('/');
    expect([status, setCookie]).toEqual([200, []]);
  });

  it('send more than a browser takes', async () => {
    const large = 'x'.repeat(5000);
    const cookies = await serveCookieSession({ keys: [PEER_SECRET] }, (session) => void (session.user = large));
    expect(isTooLarge((await new Client(cookies).get('/')).setCookie)).toEqual([true, false]);
    const secure = await serveSecureSession({}, (session) => session.set('user', large));
    expect(isTooLarge((await new Client(secure).get('/')).setCookie)).toEqual([true]);
  });
});

describe.each(PLATFORMS)('This package (%s)', (platform) => {
  it('sends a Secure cookie over plain HTTP with `secure: true`, for a proxy that ends TLS', async () => {
    const app = await startApp(platform, { controllers: [controller], session: { secure: true } });
    expect(sentCookie(await app.client().get('/login')).attributes).toContain('Secure');
  });

  it('sends nothing that a browser would drop, and says so', async () => {
    const app = await startApp(platform, { controllers: [controller] });
    const { status, setCookie } = await app.client().get('/large');
    expect([status, setCookie]).toEqual([500, []]);
  });

  it('saves what was changed by a request that fails', async () => {
    const app = await startApp(platform, { controllers: [controller] });
    const reply = await app.client().get('/fails');
    expect([reply.status, reply.setCookie.length]).toEqual([500, 1]);
  });
});
