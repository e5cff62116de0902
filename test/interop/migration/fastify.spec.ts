import { describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { routes } from '../../support/routes.js';
import { sentCookie, sentMaxAge } from '../../support/tokens.js';
import { bodyOf, migrated, setSecrets, startModule } from '../support/migrated.js';
import { type FastifySession, serveFastifySession, serveSecureSession } from '../support/peer-servers.js';

setSecrets();

const logIn = (session: FastifySession): void => session.set('user', 'tom');
const isThere = (object: object, name: string) => `${name}: ${name in object}`;

describe('From @fastify/secure-session to FromSecureSessionModule', () => {
  it('a session ends, and its cookie is replaced', async () => {
    const browser = new Client(await serveSecureSession({ cookie: { path: '/' } }, logIn));
    await browser.get('/');
    const { url } = await startModule('fastify', 'FromSecureSessionModule');
    expect(bodyOf(await browser.get(`${url}/visitor`))).toEqual({});
    await browser.post(`${url}/login`);
    expect(bodyOf(await browser.get(`${url}/visitor`))).toEqual({ user: 'ada' });
    expect(await browser.cookieNames()).toEqual(['session']);
    await browser.post(`${url}/logout`);
    expect(await browser.cookieNames()).toEqual([]);
  });

  it('the cookie has a Max-Age and a Path', async () => {
    const theirs = await new Client(await serveSecureSession({}, logIn)).get('/');
    expect(sentCookie(theirs).attributes).toEqual(['HttpOnly', 'SameSite=Lax']);
    const app = await startModule('fastify', 'FromSecureSessionModule');
    const ours = await app.client().post('/login');
    expect(sentCookie(ours).attributes).toEqual(['Max-Age=86400', 'Path=/', 'HttpOnly', 'SameSite=Lax']);
  });

  it('an equal value sends nothing, and touch() renews', async () => {
    const peer = new Client(await serveSecureSession({ cookie: { path: '/' } }, logIn));
    await peer.get('/');
    expect((await peer.get('/')).setCookie).toHaveLength(1);
    const browser = (await startModule('fastify', 'FromSecureSessionModule')).client();
    await browser.post('/login');
    expect((await browser.get('/visitor/same')).setCookie).toEqual([]);
    expect(sentMaxAge(await browser.get('/visitor/touch'))).toBe(86_400);
  });

  it('a key that is a string was base64', async () => {
    const bytes = Buffer.alloc(32, 7);
    const asText = new Client(await serveSecureSession({ key: bytes.toString('base64') }, logIn));
    const reply = await asText.get('/');
    const value = decodeURIComponent(sentCookie(reply).value);
    const asBytes = await serveSecureSession({ key: bytes }, (session) => session.data());
    const headers = { cookie: `session=${encodeURIComponent(value)}` };
    expect(bodyOf(await new Client(asBytes).get('/', { headers }))).toEqual({ result: { user: 'tom' } });
  });

  it('its members of the server are gone', async () => {
    const theirs = await serveSecureSession({}, (_session, server) =>
      ['createSecureSession', 'encodeSecureSession', 'decodeSecureSession'].map((name) => isThere(server, name)),
    );
    expect(bodyOf(await new Client(theirs).get('/'))).toEqual({
      result: ['createSecureSession: true', 'encodeSecureSession: true', 'decodeSecureSession: true'],
    });
    const { app } = await startModule('fastify', 'FromSecureSessionModule');
    const server = (app as NestFastifyApplication).getHttpAdapter().getInstance();
    expect(isThere(server, 'createSecureSession')).toBe('createSecureSession: false');
  });

  it('`request.cookies` and `reply.setCookie()` are gone, until useCookies() brings them back', async () => {
    const useCookies = await migrated<(app: INestApplication) => Promise<void>>('useCookies');
    const controller = routes({
      cookies: (_session, reply, request) =>
        [isThere(request, 'cookies'), isThere(reply, 'setCookie'), isThere(reply, 'clearCookie')].join(),
    });
    const ask = async (configure: (app: INestApplication) => unknown) =>
      (await (await startApp('fastify', { controllers: [controller], configure })).client().get('/cookies')).text;
    expect(await ask(() => undefined)).toBe('cookies: false,setCookie: false,clearCookie: false');
    expect(await ask(useCookies)).toBe('cookies: true,setCookie: true,clearCookie: true');
  });
});

describe('From @fastify/session to FromFastifySessionModule', () => {
  const cookie = { secure: false };

  it('a session ends, and its cookie stays', async () => {
    const browser = new Client(await serveFastifySession({ cookie }, logIn));
    await browser.get('/');
    expect(await browser.cookieNames()).toEqual(['sessionId']);
    const { url } = await startModule('fastify', 'FromFastifySessionModule');
    expect(bodyOf(await browser.get(`${url}/visitor`))).toEqual({});
    await browser.post(`${url}/login`);
    expect(bodyOf(await browser.get(`${url}/visitor`))).toEqual({ user: 'ada' });
    expect(await browser.cookieNames()).toEqual(['session', 'sessionId']);
    await browser.post(`${url}/logout`);
    expect(await browser.cookieNames()).toEqual(['sessionId']);
  });

  it('a visitor without a session has no cookie, and reading sends none', async () => {
    const peer = new Client(await serveFastifySession({ cookie }, () => undefined));
    expect([(await peer.get('/')).setCookie.length, (await peer.get('/')).setCookie.length]).toEqual([1, 1]);
    const browser = (await startModule('fastify', 'FromFastifySessionModule')).client();
    expect((await browser.get('/visitor')).setCookie).toEqual([]);
    await browser.post('/login');
    expect((await browser.get('/visitor')).setCookie).toEqual([]);
  });

  it('log-out deletes the cookie, which there stays in the browser', async () => {
    const peer = await serveFastifySession({ cookie, saveUninitialized: false }, async (session) => {
      if (session.get('user') === undefined) logIn(session);
      else await session.destroy();
    });
    const browser = new Client(peer);
    await browser.get('/');
    expect((await browser.get('/')).setCookie).toEqual([]);
    expect(await browser.cookieNames()).toEqual(['sessionId']);
    const ours = (await startModule('fastify', 'FromFastifySessionModule')).client();
    await ours.post('/login');
    await ours.post('/logout');
    expect(await ours.cookieNames()).toEqual([]);
  });
});
