import { expect, it } from '@jest/globals';
import { defineSession, SessionModule } from 'nestjs-sessions';
import { memoryStore } from 'nestjs-sessions/store';
import { loadSession, readSession, saveSession, sessionCookie, testKitOf } from 'nestjs-sessions/testing';
import { describeOnEachPlatform, OTHER_SECRET, startApp } from '../../support/app.js';
import { thrownBy } from '../../support/errors.js';
import { routes } from '../../support/routes.js';
import { silentStore } from '../../support/stores.js';

const controller = routes({
  visit: (session) => session.set('visits', (session.get('visits') ?? 0) + 1),
  read: (session) => JSON.stringify(session.data),
  'log-out': (session) => session.destroy(),
});

const STORES = [
  ['in a store', () => ({ store: memoryStore() })],
  ['in a store, with the data in the cookie', () => ({ store: { store: memoryStore(), data: 'cookie' as const } })],
  ['in the cookie', () => ({})],
] as const;

describeOnEachPlatform('The test kit', (platform) => {
  it.each(STORES)('saves and loads a session %s', async (_, options) => {
    const { app, client } = await startApp(platform, { session: options(), controllers: [controller] });
    const cookie = await saveSession(app, { visits: 1 });
    expect((await client().get('/read', { headers: { cookie } })).text).toBe('{"visits":1}');
    const response = await client().get('/visit', { headers: { cookie } });
    const sent = response.setCookie.length > 0 ? response.setCookie : cookie;
    expect(await loadSession(app, sent)).toEqual({ visits: 2 });
  });

  it('loads nothing where there is no session, or none any more', async () => {
    const { app, client } = await startApp(platform, { session: { store: memoryStore() }, controllers: [controller] });
    expect(await loadSession(app, '')).toBeUndefined();
    expect(await saveSession(app, {})).toBe('');
    const cookie = await saveSession(app, { visits: 1 });
    const response = await client().get('/log-out', { headers: { cookie } });
    expect([await loadSession(app, response.setCookie), await loadSession(app, cookie)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('gives a session in a store its name, its type and its lifetime', async () => {
    const admins = defineSession<{ role: string }>('admin');
    const store = memoryStore();
    const admin = SessionModule.forRoot(OTHER_SECRET, { name: 'admin', cookieName: 'admin', store });
    const { app } = await startApp(platform, { session: { store }, imports: [admin], controllers: [controller] });
    const kit = testKitOf(admins);
    const cookie = await kit.saveSession(app, { role: 'owner' }, { maxAge: 60 });
    expect(cookie).toMatch(/^admin=/);
    expect(await kit.loadSession(app, cookie)).toEqual({ role: 'owner' });
    expect(await loadSession(app, cookie)).toBeUndefined();
  });

  it('says what to write instead where a function that does not wait meets a store', async () => {
    const { app } = await startApp(platform, { session: { store: memoryStore() }, controllers: [controller] });
    for (const act of [() => sessionCookie(app, { visits: 1 }), () => readSession(app, [])]) {
      const error = thrownBy(act);
      expect(error).toMatchObject({ code: 'ERR_SESSION_MISUSED', message: expect.stringContaining('saveSession(app') });
    }
  });

  it('says that the store does not answer', async () => {
    const session = { store: { store: silentStore(), timeout: 0.05 } };
    const { app } = await startApp(platform, { session, controllers: [controller] });
    await expect(saveSession(app, { visits: 1 })).rejects.toMatchObject({ code: 'ERR_SESSION_STORE_UNAVAILABLE' });
  });
});
