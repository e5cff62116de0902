import { beforeEach, expect, it } from '@jest/globals';
import { setClock, START, stopClock } from '../../support/clock.js';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { routes } from '../../support/routes.js';
import { DELETION, forge, ID, sentClaims, sentCookie, sentMaxAge, signIn } from '../../support/tokens.js';
import { SessionManager, type SessionModuleOptions } from 'nestjs-sessions';

const NEWEST = 'the newest secret has 32 bytes..';
const DATA = { user: 'tom', deep: { list: [1, 'ä€😀', null] } };
const CLAIMS = { iat: START - 300, exp: START + 700 };

let manager: SessionManager | undefined;

const controller = routes({
  sealAndTouch: (session, _response, request) => {
    session.get('user');
    manager?.seal(request);
    session.touch();
  },
  read: (session) => JSON.stringify([session.isNew, session.isModified, session.data]),
  write: (session) => session.set('user', 'mike'),
  clear: (session) => session.clear(),
  rollback: (session) => {
    session.set('user', 'mike');
    session.touch();
    session.rollback();
  },
  rollbackOfNothing: (session) => session.rollback(),
  writeAfterRollback: (session) => {
    session.rollback();
    session.set('user', 'mike');
  },
  nothing: () => 'ok',
});

describeOnEachPlatform('A session under several secrets', (platform) => {
  beforeEach(stopClock);
  const reasons: string[] = [];
  const start = async (secretKey: SessionModuleOptions['secretKey'] = [NEWEST, OTHER_SECRET, SECRET]) => {
    reasons.length = 0;
    const onReject = (reason: string) => void reasons.push(reason);
    const { app, url } = await startApp(platform, { session: { secretKey, onReject }, controllers: [controller] });
    manager = app.get(SessionManager);
    return new Client(url);
  };

  it('is sealed with the newest', async () => {
    const { value } = sentCookie(await (await start()).get('/write'));
    const { jti } = sentClaims(await (await start()).get('/write'));
    expect(jti).toMatch(/^[\w-]{22}$/);
    expect(value.split('.')[0]).toBe(forge({}, { secret: NEWEST }).split('.')[0]);
  });

  it.each([
    ['an older', OTHER_SECRET],
    ['the oldest', SECRET],
  ])('is issued anew with the newest when it was opened with %s and read, its expiry kept', async (_case, secret) => {
    const client = await start();
    await signIn(client, DATA, { secret, claims: CLAIMS });
    const reply = await client.get('/read');
    expect(reply.text).toBe(JSON.stringify([false, false, DATA]));
    expect(sentCookie(reply).value).toBe(forge(DATA, { secret: NEWEST, claims: CLAIMS }));
    expect(sentMaxAge(reply)).toBe(700);
    const second = await client.get('/read');
    expect([second.text, second.setCookie]).toEqual([reply.text, []]);
  });

  it('is not issued anew when it was opened with the newest', async () => {
    const client = await start();
    await signIn(client, DATA, { secret: NEWEST, claims: CLAIMS });
    expect((await client.get('/read')).setCookie).toEqual([]);
  });

  it('is not issued anew when it was not touched', async () => {
    const client = await start();
    await signIn(client, DATA, { claims: CLAIMS });
    expect((await client.get('/nothing')).setCookie).toEqual([]);
  });

  it('keeps the lifetime of its own when it is issued anew', async () => {
    const client = await start();
    await signIn(client, DATA, { claims: { ...CLAIMS, ttl: 1000 } });
    expect(sentClaims(await client.get('/read'))).toEqual({ jti: ID, ...CLAIMS, ttl: 1000, data: DATA });
  });

  it('gets a fresh expiry when it was opened with an older secret and changed', async () => {
    const client = await start();
    await signIn(client, DATA, { claims: CLAIMS });
    const claims = { iat: START - 300, exp: START + 1209600 };
    const { value } = sentCookie(await client.get('/write'));
    expect(value).toBe(forge({ ...DATA, user: 'mike' }, { secret: NEWEST, claims }));
  });

  it('gets a fresh expiry when it is touched after it was sealed with the newest', async () => {
    const client = await start();
    await signIn(client, DATA, { claims: CLAIMS });
    expect(sentClaims(await client.get('/sealAndTouch'))).toMatchObject({ exp: START + 1209600 });
  });

  it('is deleted when it was opened with an older secret and emptied', async () => {
    const client = await start();
    await signIn(client, DATA, { claims: CLAIMS });
    expect((await client.get('/clear')).setCookie).toEqual([DELETION]);
  });

  it.each(['rollback', 'rollbackOfNothing'])('is not issued anew when it is rolled back (/%s)', async (path) => {
    const client = await start();
    const token = await signIn(client, DATA, { claims: CLAIMS });
    const reply = await client.get(`/${path}`);
    expect([reply.status, reply.setCookie, await client.cookie()]).toEqual([200, [], token]);
  });

  it('is sealed with the newest when it is changed after it was rolled back', async () => {
    const client = await start();
    await signIn(client, DATA, { claims: CLAIMS });
    const claims = { iat: START - 300, exp: START + 1209600 };
    const { value } = sentCookie(await client.get('/writeAfterRollback'));
    expect(value).toBe(forge({ ...DATA, user: 'mike' }, { secret: NEWEST, claims }));
  });

  it('ends at its time under an older secret too', async () => {
    const client = await start();
    const cookie = `session=${forge(DATA, { claims: CLAIMS })}`;
    setClock(700);
    const reply = await client.get('/read', { headers: { cookie } });
    expect([reply.text, reply.setCookie, reasons]).toEqual(['[true,false,{}]', [], ['expired']]);
  });

  it('leaves a cookie alone whose secret it does not know', async () => {
    const client = await start([NEWEST, OTHER_SECRET]);
    const token = await signIn(client, DATA, { claims: CLAIMS });
    const reply = await client.get('/read');
    expect([reply.text, reply.setCookie, reasons]).toEqual(['[true,false,{}]', [], ['unknown-key']]);
    expect(await client.cookie()).toBe(token);
  });

  it('is not issued anew when a secret is given twice', async () => {
    const client = await start([SECRET, OTHER_SECRET, SECRET]);
    await signIn(client, DATA, { claims: CLAIMS });
    expect((await client.get('/read')).setCookie).toEqual([]);
  });

  it.each([[Buffer.from(SECRET)], [new Uint8Array(Buffer.from(SECRET))], [[Buffer.from(SECRET)]]])(
    'takes bytes for the text of them',
    async (secretKey) => {
      const client = await start(secretKey);
      await signIn(client, DATA, { claims: CLAIMS });
      const reply = await client.get('/read');
      expect([reply.text, reply.setCookie]).toEqual([JSON.stringify([false, false, DATA]), []]);
    },
  );
});
