import { expect, it } from '@jest/globals';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { ID, sentClaims, sentCookie, signIn } from '../../support/tokens.js';

const DATA = { count: 1, cart: { items: ['apple'] } };

const controller = routes({
  nothing: () => 'ok',
  read: (session) => `${session.get('count')} ${session.has('user')} ${session.size} ${session.isNew} ${session.id}`,
  readDeep: (session) => session.data.cart.items.length,
  readTimes: (session) => `${session.createdAt.getTime()} ${session.expiresAt.getTime()} ${session.maxAge}`,
  readAll: (session) => JSON.stringify([session.keys(), session.entries()]),
  write: (session) => session.set('count', 2),
  writeDeep: (session) => session.data.cart.items.push('pear'),
  writeDeepByGet: (session) => session.get('cart').items.push('pear'),
  writeDeepByEntries: (session) => {
    for (const [key, value] of session.entries()) if (key === 'cart') value.items.push('pear');
  },
  writeAndBack: (session) => {
    session.set('count', 2);
    session.data.cart.items.push('pear');
    session.set('count', 1);
    session.data.cart.items.pop();
  },
  writeSame: (session) => session.set('cart', { items: ['apple'] }),
  writeTwice: (session) => {
    session.set('count', 2);
    session.set('count', 2);
  },
  writeOverTwoWays: (session) => {
    session.update({ count: 2 });
    session.pop('cart');
  },
  deleteAndSet: (session) => {
    session.delete('count');
    session.set('count', 1);
  },
  deleteAbsent: (session) => String(session.delete('user')) + String(session.pop('user', 'nobody')),
});

describeOnEachPlatform('A session that was not changed', (platform) => {
  const start = () => startApp(platform, { controllers: [controller] });

  it('sends no cookie and no Vary when it was not touched', async () => {
    const client = (await start()).client();
    await signIn(client, DATA);
    const reply = await client.get('/nothing');
    expect([reply.status, reply.text, reply.setCookie]).toEqual([200, 'ok', []]);
    expect(reply.headers.vary).toBeUndefined();
    expect(reply.headers['cache-control']).toBeUndefined();
  });

  it.each([
    ['was only read', 'read', `1 false 2 false ${ID}`],
    ['was read deep inside', 'readDeep', '1'],
    ['was listed', 'readAll', JSON.stringify([['count', 'cart'], Object.entries(DATA)])],
    ['was changed and changed back', 'writeAndBack', ''],
    ['was set to the value that it had', 'writeSame', ''],
    ['lost a value and got it again, in another order', 'deleteAndSet', ''],
    ['was to lose what it did not have', 'deleteAbsent', 'falsenobody'],
  ])('sends no cookie but Vary when it %s', async (_case, path, text) => {
    const client = (await start()).client();
    await signIn(client, DATA);
    const reply = await client.get(`/${path}`);
    expect([reply.status, reply.text, reply.setCookie]).toEqual([200, text, []]);
    expect(reply.headers.vary).toBe('Cookie');
    expect(reply.headers['cache-control']).toBeUndefined();
  });

  it('sends no cookie when only its times were read', async () => {
    const client = (await start()).client();
    await signIn(client, DATA, { claims: { iat: 1_700_000_000, exp: 4_000_000_000 } });
    const reply = await client.get('/readTimes');
    expect([reply.text, reply.setCookie]).toEqual(['1700000000000 4000000000000 1209600', []]);
  });

  it('sends no cookie to a visitor without one whose new session was read', async () => {
    const reply = await (await start()).client().get('/read');
    expect(reply.text).toMatch(/^undefined false 0 true [\w-]{22}$/);
    expect([reply.setCookie, reply.headers.vary]).toEqual([[], 'Cookie']);
  });
});

describeOnEachPlatform('A session that was changed', (platform) => {
  const start = () => startApp(platform, { controllers: [controller] });
  const pear = { count: 1, cart: { items: ['apple', 'pear'] } };

  it.each([
    ['a value was set', 'write', { count: 2, cart: DATA.cart }],
    ['something deep inside was changed', 'writeDeep', pear],
    ['something deep inside that get() gave was changed', 'writeDeepByGet', pear],
    ['something deep inside that entries() gave was changed', 'writeDeepByEntries', pear],
    ['a value was set twice to the same', 'writeTwice', { count: 2, cart: DATA.cart }],
    ['it was updated and a value popped', 'writeOverTwoWays', { count: 2 }],
  ])('sends exactly one cookie, with the same id, when %s', async (_case, path, data) => {
    const client = (await start()).client();
    await signIn(client, DATA);
    const reply = await client.get(`/${path}`);
    expect(reply.status).toBe(200);
    expect(reply.setCookie).toHaveLength(1);
    expect(sentClaims(reply)).toMatchObject({ jti: ID, data });
    expect(sentClaims(reply).data).toEqual(data);
    expect(reply.headers.vary).toBe('Cookie');
    expect(reply.headers['cache-control']).toBe('private, no-store');
  });

  it('sends the cookie raw, with the attributes of the defaults', async () => {
    const reply = await (await start()).client().get('/write');
    const { value, attributes } = sentCookie(reply);
    expect(value).toMatch(/^[\w-]+\.[\w-]+\.[\w-]{43}$/);
    expect(attributes).toEqual(['Max-Age=1209600', 'Path=/', 'HttpOnly', 'SameSite=Lax']);
  });

  it('carries its data to the next request', async () => {
    const client = (await start()).client();
    await client.get('/write');
    expect((await client.get('/read')).text).toMatch(/^2 false 1 false /);
  });
});
