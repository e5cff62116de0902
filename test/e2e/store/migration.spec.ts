import { describe, expect, it } from '@jest/globals';
import type { SessionRejectReason, SessionStoreOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp, type TestApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { setClock, stopClock } from '../../support/clock.js';
import { routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';
import { claimsOf } from '../../support/tokens.js';

const controller = routes({
  begin: (session) => session.set('n', 1),
  login: (session) => {
    session.regenerate({ keep: ['n'] });
    session.set('user', 'ada');
  },
  read: (session) => JSON.stringify(session.data),
  write: (session) => session.set('n', (session.get('n') ?? 0) + 1),
  remember: (session) => (session.maxAge = 500_000),
  'max-age': (session) => String(session.maxAge),
  logout: (session) => void session.delete('user'),
  destroy: (session) => session.destroy(),
});

const subject: SessionStoreOptions['subject'] = ({ user }) => user as string | undefined;
const reasons: SessionRejectReason[] = [];

describeOnEachPlatform('A migration', (platform) => {
  const start = async (store?: Omit<SessionStoreOptions, 'store'> & { store: TestStore }) =>
    startApp(platform, { session: { store, onReject: (reason) => reasons.push(reason) }, controllers: [controller] });

  describe.each([
    ['a visitor', '/begin', {}],
    ['a person', '/login', {}],
    ['a visitor, where the store is told of persons', '/begin', { subject }],
    ['a person, where the store is told of persons', '/login', { subject }],
  ])('of %s', (_, path, whose) => {
    it('to the store loses nothing, with instances before and after each step side by side', async () => {
      const store = begin();
      const plain = await start();
      const visitor = await begun(plain, path);
      const cookie = await start({ store, data: 'cookie', adopt: true, ...whose });
      expect(await goOn(visitor, [cookie, cookie])).toBe(3);
      const adopting = await start({ store, adopt: true, ...whose });
      expect(await goOn(visitor, [adopting, cookie, cookie, adopting, adopting, cookie, adopting])).toBe(10);
      const stored = await start({ store, ...whose });
      expect(await goOn(visitor, [stored, adopting, stored, stored])).toBe(14);
      expect([reasons, store.data]).toEqual([[], { n: 14, ...(path === '/login' && { user: 'ada' }) }]);
    });

    it('to the store at once loses nothing', async () => {
      const store = begin();
      const visitor = await begun(await start(), path);
      const [adopting, stored] = [await start({ store, adopt: true, ...whose }), await start({ store, ...whose })];
      expect(await goOn(visitor, [adopting, adopting, stored, stored])).toBe(5);
      expect(reasons).toEqual([]);
    });

    it('back to the cookie loses nothing, with instances before and after each step side by side', async () => {
      const store = begin();
      const stored = await start({ store, adopt: true, ...whose });
      const visitor = await begun(stored, path);
      const cookie = await start({ store, data: 'cookie', ...whose });
      expect(await goOn(visitor, [cookie, stored, stored, cookie, cookie, stored, cookie])).toBe(8);
      expect(await goOn(visitor, [cookie, cookie])).toBe(10);
      expect(claimsOf((await visitor.cookie()) ?? '')).toMatchObject({ data: { n: 10 } });
      const newcomer = await begun(cookie, path);
      expect(await goOn(newcomer, [stored, cookie, stored, cookie])).toBe(5);
      expect(reasons).toEqual([]);
    });

    it('ends each copy of all cookies that the session has had', async () => {
      const store = begin();
      const visitor = await begun(await start({ store, ...whose }), path);
      const instances = [await start({ store, ...whose }), await start({ store, data: 'cookie', ...whose })] as const;
      const copies: string[] = [];
      for (const instance of [...instances, ...instances]) {
        copies.push((await visitor.cookie()) ?? '');
        await goOn(visitor, [instance]);
      }
      const there = await copyOf(visitor, instances[0].client);
      await there.get('/destroy');
      expect(store.records.size).toBe(0);
      for (const copy of copies) {
        for (const { client } of instances) {
          const other = client();
          await other.setCookie('session', copy);
          expect((await other.get('/read')).text).toBe('{}');
        }
      }
    });
  });

  it('at its first step shows nothing of a taken-over session to an instance without a store, and loses nothing', async () => {
    const store = begin();
    const plain = await start();
    const visitor = await begun(plain, '/login');
    const cookie = await start({ store, data: 'cookie', adopt: true, subject });
    await goOn(visitor, [cookie]);
    expect((await (await copyOf(visitor, plain.client)).get('/read')).text).toBe('{}');
    expect(reasons).toEqual(['stored']);
    expect(await goOn(visitor, [cookie])).toBe(3);
  });

  it('keeps the lifetime that a session was given', async () => {
    const store = begin();
    const [stored, cookie] = [await start({ store }), await start({ store, data: 'cookie' })];
    const visitor = await begun(stored, '/remember');
    for (const instance of [cookie, stored, cookie]) {
      await goOn(visitor, [instance]);
      expect((await (await copyOf(visitor, instance.client)).get('/max-age')).text).toBe('500000');
    }
    setClock(499_999);
    expect((await (await copyOf(visitor, cookie.client)).get('/read')).text).toBe('{"n":4}');
    setClock(500_000);
    expect((await (await copyOf(visitor, cookie.client)).get('/read')).text).toBe('{}');
  });

  it('has the data in one place from the first write on', async () => {
    const store = begin();
    const [stored, cookie] = [await start({ store }), await start({ store, data: 'cookie' })];
    const visitor = await begun(stored, '/begin');
    await goOn(visitor, [cookie]);
    store.take();
    expect([await goOn(visitor, [cookie]), store.take()]).toEqual([3, ['load', 'load', 'load']]);
    await goOn(visitor, [stored]);
    expect(claimsOf((await visitor.cookie()) ?? '')).not.toHaveProperty('data');
    expect(store.data).toEqual({ n: 4 });
  });

  it('leaves a person logged out who has logged out where the store has the data', async () => {
    const store = begin();
    const [cookie, stored] = [await start({ store, data: 'cookie', subject }), await start({ store, subject })];
    const visitor = await begun(cookie, '/login');
    const [older, there] = [await copyOf(visitor, cookie.client), await copyOf(visitor, stored.client)];
    await there.get('/logout');
    expect(await goOn(there, [cookie])).toBe(2);
    for (const { client } of [stored, cookie]) {
      expect((await (await copyOf(older, client)).get('/read')).text).toBe('{}');
    }
    expect(reasons).toEqual(['revoked', 'revoked']);
  });

  it('reads a cookie without data, which an instance with the data in cookies has replaced, as it was then', async () => {
    const store = begin();
    const [stored, cookie] = [await start({ store }), await start({ store, data: 'cookie' })];
    const visitor = await begun(stored, '/begin');
    const older = await copyOf(visitor, stored.client);
    expect(await goOn(visitor, [cookie])).toBe(2);
    for (const { client } of [stored, cookie]) {
      expect((await (await copyOf(older, client)).get('/read')).text).toBe('{"n":2}');
    }
  });

  it('reads a cookie with data, which an instance with the data in the store has replaced, as the store has it', async () => {
    const store = begin();
    const [stored, cookie] = [await start({ store }), await start({ store, data: 'cookie' })];
    const visitor = await begun(cookie, '/begin');
    const older = await copyOf(visitor, cookie.client);
    expect(await goOn(visitor, [stored, stored])).toBe(3);
    for (const { client } of [stored, cookie]) {
      expect((await (await copyOf(older, client)).get('/read')).text).toBe('{"n":3}');
    }
    expect(await goOn(older, [stored, cookie])).toBe(5);
  });
});

async function copyOf(visitor: Client, client: () => Client): Promise<Client> {
  const copy = client();
  await copy.setCookie('session', (await visitor.cookie()) ?? '');
  return copy;
}

/** The number of a session that each of these instances has counted up, in turn. */
async function goOn(visitor: Client, instances: readonly TestApp[]): Promise<number> {
  for (const { client } of instances) {
    const there = await copyOf(visitor, client);
    await there.get('/read');
    const { setCookie } = await there.get('/write');
    if (setCookie.length > 0) await visitor.setCookie('session', (await there.cookie()) ?? '');
  }
  const last = instances.at(-1);
  const { text } = (await (last && (await copyOf(visitor, last.client)).get('/read'))) ?? { text: '{}' };
  return (JSON.parse(text) as { n: number }).n;
}

function begin(): TestStore {
  stopClock();
  reasons.length = 0;
  return new TestStore();
}

async function begun(app: TestApp, path: string): Promise<Client> {
  const client = app.client();
  await client.get('/begin');
  if (path !== '/begin') await client.get(path);
  return client;
}
