import { beforeEach, describe, expect, it } from '@jest/globals';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { START, stopClock } from '../../support/clock.js';
import { decrypt, encrypt } from '../../support/jwe.js';
import { routes } from '../../support/routes.js';
import { type Claims, claimsOf, DELETION, forge, ID, sentCookie, sentMaxAge } from '../../support/tokens.js';
import type { CookieFormat, SessionModuleOptions } from 'nestjs-sessions';

const DATA = { user: 'tom', deep: { list: [1, 'ä€😀', null] } };
const CLAIMS = { iat: START - 300, exp: START + 700, ttl: 1000 };

const controller = routes({
  read: (session) => JSON.stringify([session.isNew, session.isModified, session.data]),
  write: (session) => session.set('user', 'mike'),
  destroy: (session) => session.destroy(),
  rollback: (session) => session.rollback(),
  nothing: () => 'ok',
});

const FORMATS: Readonly<
  Record<
    CookieFormat,
    { make: (forgery?: object) => Promise<string>; open: (token: string) => Promise<Claims>; shape: RegExp }
  >
> = {
  signed: {
    make: async (forgery) => forge(DATA, { claims: CLAIMS, ...forgery }),
    open: async (token) => claimsOf(token),
    shape: /^[\w-]+\.[\w-]+\.[\w-]{43}$/,
  },
  encrypted: {
    make: (forgery) => encrypt(DATA, { claims: CLAIMS, ...forgery }),
    open: (token) => decrypt(token),
    shape: /^[\w-]{92}\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/,
  },
};

const DIRECTIONS = [
  { from: 'signed', to: 'encrypted' },
  { from: 'encrypted', to: 'signed' },
] as const;

describeOnEachPlatform('A session in another format', (platform) => {
  beforeEach(stopClock);
  const reasons: string[] = [];
  const onReject = (reason: string) => void reasons.push(reason);
  const start = async (
    format: CookieFormat,
    accept: readonly CookieFormat[],
    more: Partial<SessionModuleOptions> = {},
  ) => {
    const session = { encrypt: format === 'encrypted', accept, onReject, ...more };
    return (await startApp(platform, { session, controllers: [controller] })).url;
  };
  const clientWith = async (token: string, url: string) => {
    reasons.length = 0;
    const client = new Client(url);
    await client.setCookie('session', token);
    return client;
  };

  describe.each(DIRECTIONS)('($from → $to)', ({ from, to }) => {
    it('is issued anew when it is read, with id, times and data as they were', async () => {
      const client = await clientWith(await FORMATS[from].make(), await start(to, [from]));
      const reply = await client.get('/read');
      expect(reply.text).toBe(JSON.stringify([false, false, DATA]));
      const { value } = sentCookie(reply);
      expect(value).toMatch(FORMATS[to].shape);
      expect(await FORMATS[to].open(value)).toEqual({ jti: ID, ...CLAIMS, data: DATA });
      expect(sentMaxAge(reply)).toBe(700);
      const second = await client.get('/read');
      expect([second.text, second.setCookie, reasons]).toEqual([reply.text, [], []]);
    });

    it('is written in the new one when it is changed', async () => {
      const client = await clientWith(await FORMATS[from].make(), await start(to, [from]));
      const { value } = sentCookie(await client.get('/write'));
      const claims = { jti: ID, ...CLAIMS, exp: START + 1000, data: { ...DATA, user: 'mike' } };
      expect(await FORMATS[to].open(value)).toEqual(claims);
    });

    it('is not issued anew when it was not touched or rolled back, and is deleted at destroy()', async () => {
      const token = await FORMATS[from].make();
      const client = await clientWith(token, await start(to, [from]));
      expect((await client.get('/nothing')).setCookie).toEqual([]);
      expect((await client.get('/rollback')).setCookie).toEqual([]);
      expect(await client.cookie()).toBe(token);
      expect((await client.get('/destroy')).setCookie).toEqual([DELETION]);
    });

    it('is opened with an older secret too', async () => {
      const url = await start(to, [from], { secretKey: [SECRET, OTHER_SECRET] });
      const client = await clientWith(await FORMATS[from].make({ secret: OTHER_SECRET }), url);
      const reply = await client.get('/read');
      expect(reply.text).toBe(JSON.stringify([false, false, DATA]));
      expect(await FORMATS[to].open(sentCookie(reply).value)).toEqual({ jti: ID, ...CLAIMS, data: DATA });
    });

    it.each([
      ['malformed', 'it is not accepted', [], {}],
      ['malformed', 'only the own format is', [to], {}],
      ['unknown-key', 'it is of an unknown secret', [from], { secret: OTHER_SECRET }],
      ['unknown-key', 'it is of another cookie name', [from], { cookieName: 'other' }],
      ['expired', 'it has ended', [from], { claims: { ...CLAIMS, exp: START } }],
    ])('is rejected as %s when %s', async (reason, _case, accept, forgery) => {
      const token = await FORMATS[from].make(forgery);
      const client = await clientWith(token, await start(to, accept));
      const reply = await client.get('/read');
      expect([reply.text, reply.setCookie, reasons]).toEqual(['[true,false,{}]', [], [reason]]);
      expect(await client.cookie()).toBe(token);
    });

    it('goes on through a switch during operation, whichever instance answers', async () => {
      const token = await FORMATS[from].make();
      const old = await start(from, []);
      const first = await start(from, [to]);
      const second = await start(to, [from]);
      const last = await start(to, []);
      const client = await clientWith(token, old);
      // All accept both before the first one writes the new format, and long enough until nobody has the old one.
      for (const url of [old, first, old, first, second, first, second, first, second, last, second, last]) {
        const { text, setCookie } = await client.get(`${url}/read`);
        expect([text, setCookie.length]).toEqual([JSON.stringify([false, false, DATA]), expect.any(Number)]);
      }
      const kept = (await client.cookie()) ?? '';
      expect(await FORMATS[to].open(kept)).toEqual({ jti: ID, ...CLAIMS, data: DATA });
      expect(reasons).toEqual([]);
    });
  });

  it('may be accepted although it is the own one', async () => {
    const client = await clientWith(await FORMATS.signed.make(), await start('signed', ['signed', 'encrypted']));
    const reply = await client.get('/read');
    expect([reply.text, reply.setCookie]).toEqual([JSON.stringify([false, false, DATA]), []]);
  });
});
