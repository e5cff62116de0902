import { describe, expect, it } from '@jest/globals';
import { PLATFORMS } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { sentCookie, sentMaxAge } from '../../support/tokens.js';
import { bodyOf, setSecrets, startModule } from '../support/migrated.js';
import { serveIronSession } from '../support/peer-servers.js';

setSecrets();

describe.each(PLATFORMS)('From iron-session to FromIronSessionModule (%s)', (platform) => {
  it('a session ends, and its cookie is replaced', async () => {
    const peer = await serveIronSession({ cookieOptions: { secure: false } }, async (session) => {
      session.user = 'tom';
      await session.save();
    });
    const browser = new Client(peer);
    expect((await browser.get('/')).setCookie).toHaveLength(1);
    const { url } = await startModule(platform, 'FromIronSessionModule');
    expect(bodyOf(await browser.get(`${url}/visitor`))).toEqual({});
    await browser.post(`${url}/login`);
    expect(bodyOf(await browser.get(`${url}/visitor`))).toEqual({ user: 'ada' });
    expect(await browser.cookieNames()).toEqual(['session']);
  });

  it('the cookie is Secure as the request is, and has a Max-Age of all of the lifetime', async () => {
    const peer = new Client(await serveIronSession({ ttl: 3600 }, (session) => session.save()));
    const theirs = sentCookie(await peer.get('/')).attributes;
    expect(theirs.toSorted()).toEqual(['HttpOnly', 'Max-Age=3540', 'Path=/', 'SameSite=Lax', 'Secure']);
    const reply = await (await startModule(platform, 'FromIronSessionModule')).client().post('/login');
    expect(sentMaxAge(reply)).toBe(3600);
    expect(sentCookie(reply).attributes).not.toContain('Secure');
  });

  it('save() without a change is touch(): an equal value sends nothing', async () => {
    const peer = new Client(await serveIronSession({}, (session) => session.save()));
    expect([(await peer.get('/')).setCookie.length, (await peer.get('/')).setCookie.length]).toEqual([1, 1]);
    const browser = (await startModule(platform, 'FromIronSessionModule')).client();
    await browser.post('/login');
    expect((await browser.get('/visitor/same')).setCookie).toEqual([]);
    expect(sentMaxAge(await browser.get('/visitor/touch'))).toBe(3600);
  });

  it('a cookie of no shape fails no request', async () => {
    const cookie = { headers: { cookie: `session=${'*'.repeat(7)}~2` } };
    const peer = new Client(await serveIronSession({}, () => undefined));
    expect((await peer.get('/', cookie)).status).toBe(500);
    const browser = (await startModule(platform, 'FromIronSessionModule')).client();
    expect((await browser.get('/visitor', cookie)).status).toBe(200);
  });
});
