import { describe, expect, it } from '@jest/globals';
import type { RequestHandler } from 'express';
import { PLATFORMS, startApp } from '../../support/app.js';
import { setClock, stopClock, START } from '../../support/clock.js';
import { exportOf } from '../../support/documents.js';
import { type AnyResponse, routes } from '../../support/routes.js';
import { savedClaims } from '../../support/saved.js';
import { OTHER_SECRET } from '../../support/secrets.js';
import { sentCookie, sentMaxAge } from '../../support/tokens.js';

const DAY = 86_400;

interface Clearing extends AnyResponse {
  clearCookie(name: string): unknown;
}

const controller = routes({
  user: (session) => String(session.get('user')),
  login: (session) => {
    session.regenerate();
    session.set('user', 'ada');
  },
  remember: (session) => {
    session.set('user', 'ada');
    session.maxAge = 30 * DAY;
  },
  write: (session) => void (session.data.n = (session.data.n ?? 0) + 1),
  logout: (session) => session.destroy(),
  clear: (session, response) => {
    session.set('last', 'log-out');
    (response as Clearing).clearCookie('session');
  },
});

describe.each(PLATFORMS)('Two applications on ports of one host (%s)', (platform) => {
  const startBoth = async (cookieName: string) => {
    const first = await startApp(platform, { controllers: [controller] });
    const second = await startApp(platform, {
      controllers: [controller],
      session: { secretKey: OTHER_SECRET, cookieName },
    });
    const browser = first.client();
    await browser.get('/login');
    await browser.get(`${second.url}/login`);
    return [(await browser.get('/user')).text, (await browser.get(`${second.url}/user`)).text];
  };

  it('log each other out where their cookies have one name', async () => {
    expect(await startBoth('session')).toEqual(['undefined', 'ada']);
  });

  it('leave each other alone where each has its own', async () => {
    expect(await startBoth('second')).toEqual(['ada', 'ada']);
  });
});

describe('response.clearCookie() (express)', () => {
  it('logs nobody out whose session has changed; destroy() does', async () => {
    const browser = (await startApp('express', { controllers: [controller] })).client();
    await browser.get('/login');
    expect((await browser.get('/clear')).setCookie).toHaveLength(2);
    expect((await browser.get('/user')).text).toBe('ada');
    await browser.get('/logout');
    expect([(await browser.get('/user')).text, await browser.cookieNames()]).toEqual(['undefined', []]);
  });
});

describe.each(PLATFORMS)('How long a session lasts (%s)', (platform) => {
  it('until the browser closes, or for 30 days with "remember me"', async () => {
    stopClock();
    const app = await startApp(platform, {
      controllers: [controller],
      session: { expireOnBrowserClose: true, maxAge: DAY },
    });
    expect(sentMaxAge(await app.client().get('/login'))).toBeUndefined();
    const browser = app.client();
    expect(sentMaxAge(await browser.get('/remember'))).toBe(30 * DAY);
    setClock(3 * DAY);
    expect(sentMaxAge(await browser.get('/write'))).toBe(30 * DAY);
  });

  it('to a fixed end, which no write moves and a log-in does', async () => {
    stopClock();
    const session = { maxAge: 28_800, absoluteMaxAge: 28_800 };
    const browser = (await startApp(platform, { controllers: [controller], session })).client();
    await browser.get('/login');
    setClock(28_000);
    expect((await savedClaims(browser, await browser.get('/write'))).exp).toBe(START + 28_800);
    setClock(28_799);
    expect((await browser.get('/user')).text).toBe('ada');
    expect(sentMaxAge(await browser.get('/login'))).toBe(28_800);
  });

  it('for as long as browsers keep cookies', async () => {
    stopClock();
    const session = { maxAge: 400 * DAY, rolling: true };
    const browser = (await startApp(platform, { controllers: [controller], session })).client();
    expect(sentMaxAge(await browser.get('/login'))).toBe(400 * DAY);
    setClock(40 * DAY);
    expect(sentMaxAge(await browser.get('/user'))).toBe(400 * DAY);
  });
});

describe('Changing path, with another cookieName (express)', () => {
  it('ignores the old cookie, and expireOldCookie() takes it away', async () => {
    const expireOldCookie = await exportOf<RequestHandler>('docs/around.md', 'expireOldCookie');
    const old = await startApp('express', { controllers: [controller], session: { path: '/app' } });

    const browser = old.client();
    await browser.get('/login');
    expect(await browser.jar.getCookieString(`${old.url}/app/user`)).toMatch(/^session=/);
    const now = await startApp('express', {
      controllers: [controller],
      session: { cookieName: 'visitor' },
      configure: (app) => {
        app.use(expireOldCookie);
        app.setGlobalPrefix('app');
      },
    });
    const reply = await browser.get(`${now.url}/app/user`);
    expect(reply.text).toBe('undefined');
    expect(sentCookie(reply).attributes).toContain('Path=/app');
    expect(await browser.jar.getCookieString(`${now.url}/app/user`)).toBe('');
    await browser.get(`${now.url}/app/login`);
    const next = await browser.get(`${now.url}/app/user`);
    expect([next.text, next.setCookie]).toEqual(['ada', []]);
  });
});
