import { beforeEach, expect, it } from '@jest/globals';
import { START, stopClock } from '../../support/clock.js';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import type { Reply } from '../../support/client.js';
import { routes } from '../../support/routes.js';
import { sentClaims, sentCookie, sentMaxAge } from '../../support/tokens.js';

/** The routes of tower-sessions' tests/common/mod.rs, in our words. */
const controller = routes({
  hello: () => 'Hello, world!',
  insert: (session) => session.set('foo', 42),
  get: (session) => String(session.get('foo')),
  remove: (session) => session.delete('foo'),
  cycle_id: (session) => session.regenerate({ keep: session.keys() }),
  flush: (session) => session.destroy(),
  set_expiry: (session) => {
    session.maxAge = 86_400;
  },
  remove_expiry: (session) => {
    session.maxAge = undefined;
  },
});

const HOUR = 3600;
const ATTRIBUTES = ['Path=/', 'HttpOnly', 'SameSite=Strict'];

/** The Max-Age of the cookie. */
const maxAge = (reply: Reply) => sentMaxAge(reply, 'id');

describeOnEachPlatform('tower-sessions', (platform) => {
  beforeEach(stopClock);
  const start = async (options: object = { maxAge: HOUR }) => {
    const session = { cookieName: 'id', sameSite: 'strict', ...options } as const;
    return (await startApp(platform, { session, controllers: [controller] })).client();
  };

  it('no_session_set: sends no cookie when the session is not used', async () => {
    const reply = await (await start()).get('/hello');
    expect([reply.text, reply.setCookie]).toEqual(['Hello, world!', []]);
  });

  it('bogus_session_cookie: replaces a cookie that is none of ours by writing', async () => {
    const reply = await (await start()).get('/insert', { headers: { cookie: 'id=AAAAAAAAAAAAAAAAAAAAAA' } });
    expect([reply.status, sentClaims(reply, 'id').data]).toEqual([200, { foo: 42 }]);
  });

  it('malformed_session_cookie: answers as ever (and leaves the cookie, where tower-sessions deletes it)', async () => {
    const reply = await (await start()).get('/get', { headers: { cookie: 'id=malformed' } });
    expect([reply.status, reply.text, reply.setCookie]).toEqual([200, 'undefined', []]);
  });

  it('insert_session: sends the cookie with its attributes', async () => {
    const reply = await (await start()).get('/insert');
    expect(sentCookie(reply, 'id').attributes).toEqual([`Max-Age=${HOUR}`, ...ATTRIBUTES]);
  });

  it('session_max_age: sends no Max-Age to a browser that is to forget', async () => {
    const reply = await (await start({ expireOnBrowserClose: true })).get('/insert');
    expect(sentCookie(reply, 'id').attributes).toEqual(ATTRIBUTES);
  });

  it('get_session: gives back what was inserted', async () => {
    const client = await start();
    await client.get('/insert');
    expect((await client.get('/get')).text).toBe('42');
  });

  it('get_no_value: gives undefined for what was not', async () => {
    expect((await (await start()).get('/get')).text).toBe('undefined');
  });

  it('remove_last_value: gives undefined for what was removed', async () => {
    const client = await start();
    await client.get('/insert');
    await client.get('/remove');
    expect((await client.get('/get')).text).toBe('undefined');
  });

  it('cycle_session_id: keeps the data under a new id', async () => {
    const client = await start();
    const first = sentClaims(await client.get('/insert'), 'id');
    const second = sentClaims(await client.get('/cycle_id'), 'id');
    expect(second.data).toEqual(first.data);
    expect(second.jti).not.toBe(first.jti);
    expect((await client.get('/get')).text).toBe('42');
  });

  it('flush_session: deletes the cookie', async () => {
    const client = await start();
    await client.get('/insert');
    const { value, attributes } = sentCookie(await client.get('/flush'), 'id');
    expect(value).toBe('');
    expect(attributes.toSorted()).toEqual(
      [...ATTRIBUTES, 'Max-Age=0', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'].toSorted(),
    );
  });

  it('flush_with_domain: deletes the cookie of the domain', async () => {
    const client = await start({ domain: 'localhost' });
    const { value } = sentCookie(await client.get('/insert'), 'id');
    const reply = await client.get('/flush', { headers: { cookie: `id=${value}` } });
    const expired = 'Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Strict';
    // And the cookie from before the option was set.
    expect(reply.setCookie).toEqual([`id=; Max-Age=0; Domain=localhost; ${expired}`, `id=; Max-Age=0; ${expired}`]);
  });

  it('set_expiry: gives one session a lifetime of its own', async () => {
    const client = await start();
    expect(maxAge(await client.get('/insert'))).toBe(HOUR);
    const reply = await client.get('/set_expiry');
    expect([maxAge(reply), sentClaims(reply, 'id').exp]).toEqual([86_400, START + 86_400]);
  });

  it('change_expiry_type: gives a session of the browser a lifetime, and takes it again', async () => {
    const client = await start({ expireOnBrowserClose: true });
    expect(maxAge(await client.get('/insert'))).toBeUndefined();
    expect(maxAge(await client.get('/set_expiry'))).toBe(86_400);
    expect(maxAge(await client.get('/remove_expiry'))).toBeUndefined();
  });
});
