import { describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { RequestHandler } from 'express';
import { SessionManager, SessionModule } from 'nestjs-sessions';
import { PLATFORMS, startApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { bodyOf, migrated, PEER_SECRET, setSecrets, startModule, VisitorController } from '../support/migrated.js';
import { type PeerSession, serveCookieSession, serveExpressSession } from '../support/peer-servers.js';

setSecrets();

const logIn = (session: PeerSession): void => void (session.user = 'ada');

/** The application of the page, and handlers as they were. */
const startOurs = (configure: (app: INestApplication) => unknown = () => undefined) =>
  startModule('express', 'FromExpressSessionModule', (app) => {
    configure(app);
    app.use(app.get(SessionManager).expressSession());
    app.use('/old-code', ((request, response) => {
      const { session } = request as unknown as { session: PeerSession };
      const before = { ...session };
      if (request.method === 'POST') session.user = 'mary';
      response.json(before);
    }) satisfies RequestHandler);
  });

/** The Set-Cookie lines of express-session, with these options of the cookie. */
const sentWith = async (cookie: unknown) =>
  (await new Client(await serveExpressSession({ cookie }, logIn)).get('/')).setCookie.join();

describe('A session of cookie-session', () => {
  it.each(PLATFORMS)('goes on in FromCookieSessionModule, in one cookie instead of two (%s)', async (platform) => {
    const browser = new Client(
      await serveCookieSession({ keys: [PEER_SECRET] }, (session) => void (session.views = 3)),
    );
    await browser.get('/');
    expect(await browser.cookieNames()).toEqual(['session', 'session.sig']);
    const { url } = await startModule(platform, 'FromCookieSessionModule');
    expect((await browser.get(`${url}/`)).text).toBe('4');
    expect(await browser.cookieNames()).toEqual(['session']);
    expect((await browser.get(`${url}/`)).text).toBe('5');
    await browser.send(`${url}/`, { method: 'DELETE' });
    expect(await browser.cookieNames()).toEqual([]);
  });

  it('ends where it is unsigned: there is no such mode', async () => {
    const browser = new Client(await serveCookieSession({ signed: false }, logIn));
    await browser.get('/');
    expect(await browser.cookieNames()).toEqual(['session']);
    const { url } = await startModule('express', 'FromCookieSessionModule');
    expect(bodyOf(await browser.get(`${url}/visitor`))).toEqual({});
  });
});

describe('A session of express-session', () => {
  it('ends, and `request.session` works as it did', async () => {
    const browser = new Client(await serveExpressSession({}, logIn));
    await browser.get('/');
    expect(await browser.cookieNames()).toEqual(['connect.sid']);
    const { url } = await startOurs();
    expect(bodyOf(await browser.get(`${url}/old-code`))).toEqual({});
    await browser.post(`${url}/old-code`);
    expect(bodyOf(await browser.get(`${url}/old-code`))).toEqual({ user: 'mary' });
    // The old cookie is none of ours.
    expect(await browser.cookieNames()).toEqual(['connect.sid', 'session']);
  });

  it('leaves no cookie behind with dropOldCookie()', async () => {
    const dropOldCookie = await migrated<RequestHandler>('dropOldCookie');
    const browser = new Client(await serveExpressSession({}, logIn));
    await browser.get('/');
    const { url } = await startOurs((app) => app.use(dropOldCookie));
    await browser.post(`${url}/old-code`);
    expect(await browser.cookieNames()).toEqual(['session']);
    const reply = await browser.get(`${url}/old-code`);
    expect([bodyOf(reply), reply.setCookie.filter((line) => line.startsWith('connect.sid='))]).toEqual([
      { user: 'mary' },
      [],
    ]);
  });

  it('is malformed, and is replaced, where its cookie keeps its name', async () => {
    const browser = new Client(await serveExpressSession({}, logIn));
    await browser.get('/');
    const reasons: string[] = [];
    const { url } = await startApp('express', {
      session: { cookieName: 'connect.sid', onReject: (reason) => void reasons.push(reason) },
      controllers: [VisitorController],
    });
    await browser.get(`${url}/visitor/rename`);
    expect(reasons).toEqual(['malformed']);
    expect(await browser.cookieNames()).toEqual(['connect.sid']);
    expect(bodyOf(await browser.get(`${url}/visitor`))).toEqual({ user: 'mary' });
    expect(reasons).toHaveLength(1);
  });

  it('has attributes that a function or "auto" chooses; here either is an error at start', async () => {
    expect(await sentWith(() => ({ path: '/', sameSite: 'strict' }))).toContain('SameSite=Strict');
    expect(await sentWith({ sameSite: 'auto' })).toContain('SameSite=Lax');
    expect(() => SessionModule.forRoot(PEER_SECRET, { sameSite: 'auto' as 'lax' })).toThrow(/"sameSite"/);
    expect(() => SessionModule.forRoot(PEER_SECRET, { cookie: () => ({}) } as object)).toThrow(/"cookie"/);
  });
});
