import { describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { asgiSessionsJwt } from '../../lib/interop/index.js';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../support/app.js';
import { setClock, stopClock } from '../support/clock.js';
import { readPage } from '../support/documents.js';
import { routes } from '../support/routes.js';
import { claimsOf, sentCookie } from '../support/tokens.js';

/** What docs/security.md says of items of OWASP ASVS 5.0, where it is more than "Application". */
const controller = routes({
  user: (session) => String(session.get('user')),
  login: (session) => {
    session.regenerate();
    session.set('user', 'ada');
  },
  write: (session) => void (session.data.n = (session.data.n ?? 0) + 1),
});

const HOUR = 3600;

const withToken = (token: string | undefined) => ({ headers: { cookie: `session=${token}` } });

describeOnEachPlatform('ASVS', (platform) => {
  const start = (session: object = {}) => startApp(platform, { controllers: [controller], session });

  it('3.3.1: the default has neither a prefix nor, over plain HTTP, Secure; the option has both', async () => {
    const plain = sentCookie(await (await start()).client().get('/login'));
    expect(plain.attributes).not.toContain('Secure');
    const app = await start({ cookieName: '__Host-session', secure: true });
    expect(sentCookie(await app.client().get('/login'), '__Host-session').attributes).toContain('Secure');
  });

  it('7.3.1: with `rolling` a session ends between nine tenths and all of maxAge after its last request', async () => {
    stopClock();
    const client = (await start({ maxAge: HOUR, rolling: true })).client();
    await client.get('/login');
    // Too early to renew: the end stays where it was.
    setClock(HOUR / 10 - 1);
    expect((await client.get('/user')).setCookie).toEqual([]);
    setClock(HOUR);
    expect((await client.get('/user')).text).toBe('undefined');
    await client.get('/login');
    setClock(HOUR + HOUR / 10);
    expect((await client.get('/user')).setCookie).toHaveLength(1);
    setClock(2 * HOUR + HOUR / 10 - 1);
    expect((await client.get('/user')).text).toBe('ada');
  });

  it('7.3.1: without `rolling` reading does not count', async () => {
    stopClock();
    const client = (await start({ maxAge: HOUR })).client();
    await client.get('/login');
    setClock(HOUR - 1);
    expect((await client.get('/user')).text).toBe('ada');
    setClock(HOUR);
    expect((await client.get('/user')).text).toBe('undefined');
  });

  it('7.3.2: no activity passes absoluteMaxAge', async () => {
    stopClock();
    const client = (await start({ maxAge: HOUR, absoluteMaxAge: 2 * HOUR })).client();
    await client.get('/login');
    for (const time of [HOUR - 1, 2 * HOUR - 2]) {
      setClock(time);
      await client.get('/write');
    }
    expect((await client.get('/user')).text).toBe('ada');
    setClock(2 * HOUR);
    expect((await client.get('/user')).text).toBe('undefined');
  });

  it('7.4.1: all states of a session have one id, by which it can be ended', async () => {
    const client = (await start()).client();
    const tokens: (string | undefined)[] = [];
    for (const path of ['/login', '/write', '/write']) {
      await client.get(path);
      tokens.push(await client.cookie());
    }
    expect(new Set(tokens).size).toBe(3);
    expect(new Set(tokens.map((token) => claimsOf(token ?? '').jti)).size).toBe(1);
    await client.get('/login');
    expect(claimsOf((await client.cookie()) ?? '').jti).not.toBe(claimsOf(tokens[0] ?? '').jti);
    // The package itself accepts them until they expire.
    expect((await client.get('/user', withToken(tokens[0]))).text).toBe('ada');
  });

  it('7.4.5: a new secret without the old one ends all sessions', async () => {
    const client = (await start()).client();
    await client.get('/login');
    const renewed = await start({ secretKey: OTHER_SECRET });
    expect((await client.get(`${renewed.url}/user`)).text).toBe('undefined');
  });

  it('9.2.2: to `asgiSessionsJwt()` each JWT under its secret is a session, to ours none is', async () => {
    const jwt = await new SignJWT({ user: 'somebody' })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(Buffer.from(SECRET));
    const ours = await (await start()).client().get('/user', withToken(jwt));
    expect(ours.text).toBe('undefined');
    const theirs = await start({
      accept: [asgiSessionsJwt({ secretKey: SECRET, acceptUntil: new Date('2100-01-01') })],
    });
    expect((await theirs.client().get('/user', withToken(jwt))).text).toBe('somebody');
  });

  it('9.2.3, 9.2.4: one secret and one name are one service, another name is another', async () => {
    const client = (await start()).client();
    await client.get('/login');
    const token = await client.cookie();
    expect((await (await start()).client().get('/user', withToken(token))).text).toBe('ada');
    const named = await start({ cookieName: 'other' });
    const reply = await named.client().get('/user', { headers: { cookie: `other=${token}` } });
    expect(reply.text).toBe('undefined');
  });
});

describe('The table in docs/security.md', () => {
  it('has each of these items once', () => {
    const items = [...readPage('docs/security.md').matchAll(/^\| ([\d., ]+?) *\|/gm)].flatMap(([, cell = '']) =>
      cell.split(', '),
    );
    for (const item of ['3.3.1', '7.3.1', '7.3.2', '7.4.1', '7.4.3', '7.4.5', '9.2.1', '9.2.4', '11.3.4', '11.5.1']) {
      expect([item, items.filter((each) => each === item)]).toEqual([item, [item]]);
    }
  });
});
