import { expect, it } from '@jest/globals';
import type { SessionRejectReason, SessionStoreOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { RecordingLogger } from '../../support/log.js';
import { rawResponse, routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';
import { claimsOf } from '../../support/tokens.js';

const controller = routes({
  read: (session) => JSON.stringify(session.data),
  cart: (session) => session.set('cart', (session.get('cart') ?? 0) + 1),
  login: (session) => {
    session.set('user', 'ada');
    session.maxAge = 5000;
  },
  'login-by-hand': (session, response) => {
    session.set('user', 'ada');
    rawResponse(response).end('in');
  },
  'login-after-save': async (session) => {
    session.set('cart', 7);
    await session.save();
    session.set('user', 'ada');
  },
  'login-with-token': (session) => {
    const token = session.csrfToken();
    session.set('user', 'ada');
    return token;
  },
  token: (session) => session.csrfToken(),
  other: (session) => session.set('user', 'bob'),
  logout: (session) => void session.delete('user'),
  regenerate: (session) => session.regenerate({ keep: ['cart'] }),
  destroy: (session) => session.destroy(),
});

type Subject = NonNullable<SessionStoreOptions['subject']>;
const byUser: Subject = ({ user }) => user as string | undefined;

describeOnEachPlatform("With data: 'cookie' and a subject", (platform) => {
  const start = async (subject = byUser) => {
    const store = new TestStore();
    const logger = new RecordingLogger();
    const reasons: SessionRejectReason[] = [];
    const session = {
      store: { store, data: 'cookie' as const, subject },
      onReject: (reason: SessionRejectReason) => reasons.push(reason),
    };
    const { client } = await startApp(platform, { session, controllers: [controller], logger });
    const visitor = client();
    const copy = async () => {
      const other = client();
      await other.setCookie('session', (await visitor.cookie()) ?? '');
      return other;
    };
    return { store, logger, reasons, visitor, copy };
  };

  it('a visitor costs neither a record nor a look-up', async () => {
    const { store, visitor } = await start();
    await visitor.get('/cart');
    await visitor.get('/cart');
    expect([(await visitor.get('/read')).text, store.take()]).toEqual(['{"cart":2}', []]);
    expect(claimsOf((await visitor.cookie()) ?? '')).not.toHaveProperty('st');
    await visitor.get('/regenerate');
    await visitor.get('/destroy');
    expect([(await visitor.get('/read')).text, store.take()]).toEqual(['{}', []]);
  });

  it.each(['/login', '/login-by-hand', '/login-after-save'])(
    'the session gets a record and a fresh id at log-in: %s',
    async (path) => {
      const { store, visitor, copy } = await start();
      await visitor.get('/cart');
      const before = await copy();
      await visitor.get(path);
      expect(store.take()).toEqual(['create']);
      expect([...store.records.values()]).toEqual([
        expect.objectContaining({ subject: expect.stringMatching(/^[\w-]{43}$/) }),
      ]);
      expect(await idOf(visitor)).not.toBe(await idOf(before));
      expect(claimsOf((await visitor.cookie()) ?? '')).toMatchObject({ st: 1, data: { user: 'ada' } });
      // What an attacker may have planted is still a visitor, and stays one.
      expect((await before.get('/read')).text).toBe('{"cart":1}');
    },
  );

  it('a log-in keeps the lifetime and the CSRF token that the session was given', async () => {
    const { visitor } = await start();
    const token = (await visitor.get('/login-with-token')).text;
    await visitor.get('/login');
    const { ttl, exp } = claimsOf((await visitor.cookie()) ?? '');
    expect([ttl, exp - Date.now() / 1000]).toEqual([5000, expect.closeTo(5000, -1)]);
    expect((await visitor.get('/token')).text).toHaveLength(token.length);
  });

  it('a log-out that only forgets the user ends each copy of what it was', async () => {
    const { store, reasons, visitor, copy } = await start();
    await visitor.get('/cart');
    await visitor.get('/login');
    const stolen = await copy();
    store.take();
    await visitor.get('/logout');
    expect([store.take(), store.records.size]).toEqual([['load', 'save', 'delete'], 0]);
    expect([(await stolen.get('/read')).text, reasons]).toEqual(['{}', ['revoked']]);
    expect((await visitor.get('/read')).text).toBe('{"cart":1}');
    expect(store.take()).toEqual(['load']);
  });

  it('a session that goes to another person has another record, and each copy of the old cookie is dead', async () => {
    const { store, visitor, copy } = await start();
    await visitor.get('/login');
    const stolen = await copy();
    const [adas] = [...store.records.values()];
    await visitor.get('/other');
    const [bobs, ...rest] = [...store.records.values()];
    expect([rest, bobs?.subject === adas?.subject]).toEqual([[], false]);
    expect([(await stolen.get('/read')).text, (await visitor.get('/read')).text]).toEqual(['{}', '{"user":"bob"}']);
  });

  it.each(['/logout', '/other', '/regenerate'])(
    'nothing of a session that another request has ended meanwhile goes on: %s',
    async (path) => {
      const { store, visitor } = await start();
      await visitor.get('/cart');
      await visitor.get('/login');
      store.after = async (command) => {
        if (command === 'load') await store.revoke();
      };
      const { status, setCookie } = await visitor.get(path);
      store.after = () => undefined;
      expect([status, setCookie, store.records.size]).toEqual([200, [], 0]);
      expect((await visitor.get('/read')).text).toBe('{}');
    },
  );

  it('all sessions of a person end at once, with each copy of their cookies', async () => {
    const { store, visitor, copy } = await start();
    await visitor.get('/login');
    const stolen = await copy();
    const subject = [...store.records.values()][0]?.subject ?? '';
    await store.deleteAllOf(subject, Date.now() / 1000);
    expect([(await visitor.get('/read')).text, (await stolen.get('/read')).text]).toEqual(['{}', '{}']);
  });

  it('a cookie of a person that has no record is "stored"', async () => {
    const { store, reasons, visitor } = await start();
    const plain = (await startApp(platform, { session: { store: undefined }, controllers: [controller] })).client();
    await plain.get('/login');
    await visitor.setCookie('session', (await plain.cookie()) ?? '');
    expect([(await visitor.get('/read')).text, reasons, store.take()]).toEqual(['{}', ['stored'], []]);
  });

  it.each<[string, Subject]>([
    [
      'throws',
      () => {
        throw new Error('ada');
      },
    ],
    ['returns a number', () => 1 as unknown as string],
    ['is rejected', () => Promise.reject(new Error('ada')) as unknown as string],
  ])('a function that %s lets nobody in, and is an error where the session is saved', async (_, subject) => {
    const { store, logger, visitor } = await start(subject);
    const plain = (await startApp(platform, { session: { store: undefined }, controllers: [controller] })).client();
    await plain.get('/cart');
    await visitor.setCookie('session', (await plain.cookie()) ?? '');
    expect((await visitor.get('/read')).text).toBe('{}');
    expect([(await visitor.get('/cart')).status, store.records.size]).toEqual([500, 0]);
    expect(JSON.stringify(logger.lines)).not.toContain('ada');
  });
});

async function idOf(client: Client): Promise<string> {
  return claimsOf((await client.cookie()) ?? '').jti;
}
