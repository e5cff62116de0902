import { describe, expect, it } from '@jest/globals';
import { CookieJar } from 'tough-cookie';
import { describeOnEachPlatform, startApp, type TestApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { encrypt } from '../../support/jwe.js';
import { routes } from '../../support/routes.js';
import { forge, idOf, sentClaims } from '../../support/tokens.js';

const controller = routes({
  read: (session) => String(session.get('user')),
  'app/tom': (session) => login(session, 'tom'),
  'app/ann': (session) => login(session, 'ann'),
  write: (session) => session.set('n', 1),
  'app/read': (session) => String(session.get('user')),
  'app/logout': (session) => session.destroy(),
});

function login(session: { regenerate(): void; set(key: string, value: string): void }, user: string): void {
  session.regenerate();
  session.set('user', user);
}

type Times = [iat: number, exp: number, ttl?: number];

const token = (user: string, ...[iat, exp, ttl]: Times) =>
  forge({ user }, { claims: { jti: idOf(user), iat, exp, ...(ttl !== undefined && { ttl }) } });

const read = async (client: Client, ...tokens: string[]) =>
  (await client.get('/read', { headers: { cookie: tokens.map((each) => `session=${each}`).join('; ') } })).text;

describeOnEachPlatform('Of several valid cookies', (platform) => {
  const start = (session: object = {}) => startApp(platform, { session, controllers: [controller] });

  it.each<[string, ...Times]>([
    ['of the later session', START - 8, START + 100],
    ['that was issued later', START - 9, START + 901],
    ['that was issued later, for a shorter time', START - 9, START + 10, 10],
  ])('the one %s is the session, wherever it stands', async (_, ...times) => {
    stopClock();
    const [old, latest] = [token('old', START - 9, START + 900), token('new', ...times)];
    const client = (await start({ maxAge: 1000 })).client();
    expect(await read(client, old, latest)).toBe('new');
    expect(await read(client, latest, old)).toBe('new');
    expect(await read(client, old, 'junk', latest, old)).toBe('new');
    expect(await read(client, 'a', 'b', 'c', 'd', latest)).toBe('undefined');
  });

  it('one that has expired does not count', async () => {
    stopClock();
    const client = (await start()).client();
    expect(await read(client, token('old', START - 9, START + 900), token('new', START - 8, START))).toBe('old');
  });

  it('one in an accepted format of ours counts too, and becomes one in ours', async () => {
    stopClock();
    const client = (await start({ encrypt: true, accept: ['signed'] })).client();
    const [old, latest] = [
      encrypt({ user: 'old' }, { claims: { jti: idOf('old') } }),
      token('new', START + 1, START + 900),
    ];
    expect(await read(client, await old, latest)).toBe('new');
    expect(
      await read(
        client,
        token('old', START - 9, START + 900),
        await encrypt({ user: 'new' }, { claims: { jti: idOf('new') } }),
      ),
    ).toBe('new');
  });
});

describeOnEachPlatform('After a change of scope', (platform) => {
  it.each<[string, object, object]>([
    ['domain is set', {}, { domain: 'example.org' }],
    ['domain is given up', { domain: 'example.org' }, { formerly: [{ domain: 'example.org' }] }],
    ['path is set', {}, { path: '/app', formerly: [{}] }],
    ['path is given up', { path: '/app' }, { formerly: [{ path: '/app' }] }],
    ['domain and path are set', {}, { path: '/app', domain: 'example.org', formerly: [{}] }],
  ])('%s: log-in and log-out hold at once', async (_, before, after) => {
    stopClock();
    const jar = new CookieJar();
    /** Asks this version of the application, at the host of all of them. */
    const visit = async ({ url }: TestApp, path: string) => {
      const at = `http://www.example.org${path}`;
      const reply = await new Client(url).get(path, { headers: { cookie: await jar.getCookieString(at) } });
      for (const line of reply.setCookie) await jar.setCookie(line, at);
      return reply.text;
    };
    const [first, second] = [
      await startApp(platform, { session: before, controllers: [controller] }),
      await startApp(platform, { session: after, controllers: [controller] }),
    ];
    await visit(first, '/app/tom');
    setClock(1);
    expect(await visit(second, '/app/read')).toBe('tom');
    await visit(second, '/app/ann');
    await expect(jar.getCookies('http://www.example.org/app/read')).resolves.toHaveLength(2);
    expect(await visit(second, '/app/read')).toBe('ann');
    await visit(second, '/app/logout');
    await expect(jar.getCookieString('http://www.example.org/app/read')).resolves.toBe('');
    expect(await visit(second, '/app/read')).toBe('undefined');
  });
});

describe('The session of the cookie that was issued last', () => {
  it('is what is changed', async () => {
    stopClock();
    const client = (await startApp('express', { session: { maxAge: 1000 }, controllers: [controller] })).client();
    const cookie = `session=${token('old', START - 9, START + 880)}; session=${token('new', START - 9, START + 890)}`;
    expect(sentClaims(await client.get('/write', { headers: { cookie } })).data).toEqual({ user: 'new', n: 1 });
  });
});
