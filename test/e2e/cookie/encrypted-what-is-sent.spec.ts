import { beforeEach, describe, expect, it } from '@jest/globals';
import { ForbiddenException } from '@nestjs/common';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { decrypt, encrypt, jweHeader, headerText, signInEncrypted } from '../../support/jwe.js';
import { rawResponse, routes } from '../../support/routes.js';
import { DELETION, ID, sentCookie, sentMaxAge } from '../../support/tokens.js';

const DATA = { count: 1, cart: { items: ['apple'] } };
const CLAIMS = { iat: START - 300, exp: START + 700 };

const controller = routes({
  nothing: () => 'ok',
  read: (session) => JSON.stringify([session.isNew, session.data]),
  write: (session) => session.set('count', 2),
  writeDeep: (session) => session.data.cart.items.push('pear'),
  writeAndBack: (session) => {
    session.set('count', 2);
    session.set('count', 1);
  },
  writeSame: (session) => session.set('cart', { items: ['apple'] }),
  writeAndRollback: (session) => {
    session.set('count', 2);
    session.rollback();
  },
  clear: (session) => session.clear(),
  destroy: (session) => session.destroy(),
  touch: (session) => session.touch(),
  throws: (session) => {
    session.set('count', 2);
    throw new ForbiddenException();
  },
  late: (session, response) => {
    rawResponse(response).write('first ');
    try {
      session.set('count', 2);
    } catch (error) {
      rawResponse(response).end((error as { code?: string }).code);
    }
  },
  bad: (session) => session.set('bad', 10n),
  large: (session) => session.set('text', 'x'.repeat(5000)),
});

describeOnEachPlatform('Of an encrypted session', (platform) => {
  beforeEach(stopClock);
  const start = async (session: object = {}) =>
    (await startApp(platform, { session: { encrypt: true, ...session }, controllers: [controller] })).client();

  describe.each([
    ['it was not touched', 'nothing'],
    ['it was only read', 'read'],
    ['it was changed and changed back', 'writeAndBack'],
    ['a value was set to what it was', 'writeSame'],
    ['it was changed and rolled back', 'writeAndRollback'],
  ])('no cookie is sent when %s', (_case, path) => {
    it('and Vary only when it was touched', async () => {
      const client = await start();
      await signInEncrypted(client, DATA);
      const reply = await client.get(`/${path}`);
      expect([reply.status, reply.setCookie]).toEqual([200, []]);
      expect(reply.headers.vary).toBe(path === 'nothing' ? undefined : 'Cookie');
    });
  });

  it.each([
    ['a value was set', 'write', 200, { ...DATA, count: 2 }],
    ['something deep inside was changed', 'writeDeep', 200, { count: 1, cart: { items: ['apple', 'pear'] } }],
    ['the handler throws after a change', 'throws', 403, { ...DATA, count: 2 }],
    ['it was touched', 'touch', 200, DATA],
  ])('one cookie is sent, with the same id and a fresh expiry, when %s', async (_case, path, status, data) => {
    const client = await start();
    await signInEncrypted(client, DATA, { claims: CLAIMS });
    const reply = await client.get(`/${path}`);
    expect([reply.status, reply.setCookie.length]).toEqual([status, 1]);
    const claims = { jti: ID, iat: CLAIMS.iat, exp: START + 1209600, data };
    expect(await decrypt(sentCookie(reply).value)).toEqual(claims);
    expect([reply.headers.vary, reply.headers['cache-control']]).toEqual(['Cookie', 'private, no-store']);
  });

  it.each(['clear', 'destroy'])('the deletion is sent at %s(), if one had come', async (path) => {
    const client = await start();
    expect((await client.get(`/${path}`)).setCookie).toEqual([]);
    await signInEncrypted(client, DATA);
    expect((await client.get(`/${path}`)).setCookie).toEqual([DELETION]);
    expect(await client.cookieNames()).toEqual([]);
  });

  it('a cookie is sent anew under the newest secret, its expiry kept, when it was read', async () => {
    const client = await start({ secretKey: [SECRET, OTHER_SECRET] });
    await signInEncrypted(client, DATA, { secret: OTHER_SECRET, claims: CLAIMS });
    const reply = await client.get('/read');
    const { value } = sentCookie(reply);
    expect([reply.text, headerText(value)]).toEqual([JSON.stringify([false, DATA]), jweHeader(ID)]);
    expect(await decrypt(value)).toEqual({ jti: ID, ...CLAIMS, data: DATA });
    expect(sentMaxAge(reply)).toBe(700);
    expect((await client.get('/read')).setCookie).toEqual([]);
  });

  it('nothing is sent for a cookie under an unknown key, unless the session is written', async () => {
    const client = await start();
    const foreign = await signInEncrypted(client, DATA, { secret: OTHER_SECRET });
    expect((await client.get('/read')).setCookie).toEqual([]);
    expect(await client.cookie()).toBe(foreign);
    expect(await decrypt(sentCookie(await client.get('/write')).value)).toMatchObject({ data: { count: 2 } });
  });

  it('a rolling cookie is sent once a tenth of its time has passed', async () => {
    const client = await start({ rolling: true, maxAge: 1000 });
    const token = await encrypt(DATA, { claims: { iat: START, exp: START + 1000 } });
    const headers = { cookie: `session=${token}` };
    setClock(99);
    expect((await client.get('/read', { headers })).setCookie).toEqual([]);
    setClock(100);
    const { value } = sentCookie(await client.get('/read', { headers }));
    expect(await decrypt(value)).toMatchObject({ jti: ID, iat: START, exp: START + 1100 });
  });

  it('nothing is sent after the headers have left, and set() throws', async () => {
    const client = await start();
    await signInEncrypted(client, DATA);
    const reply = await client.get('/late');
    expect([reply.text, reply.setCookie]).toEqual(['first ERR_SESSION_HEADERS_SENT', []]);
  });

  it.each(['bad', 'large'])('nothing is sent when it cannot be saved, and the old one stays (/%s)', async (path) => {
    const client = await start();
    const token = await signInEncrypted(client, DATA);
    const reply = await client.get(`/${path}`);
    expect([reply.status, reply.setCookie, await client.cookie()]).toEqual([500, [], token]);
  });
});
